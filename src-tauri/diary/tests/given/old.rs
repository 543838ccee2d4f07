//! Diaries as older versions of the app wrote them.

use std::path::Path;

use afterglow_diary::Diary;
use sqlx::{AssertSqlSafe, Connection as _};

/// What the version before courses and photos wrote: rows in every table that it had.
const FORM_2: &str = r#"
INSERT INTO settings (id, locale, quiet_from, quiet_until, discreet, clinic_name, clinic_phone, emergency_number)
VALUES (1, 'es', '22:00:00', '08:00:00', 1, 'Clínica Sol', '+34 600 000 000', '112');
INSERT INTO session (id, ended_at, zone_name, zone_offset, setting, device, depth_micrometres, areas, concerns,
    plan_id, plan_version, entered_at, risks, clinic_gave, adjuncts, exposed)
VALUES ('00000000-0000-0000-0000-000000000001', 1795192200000, 'Europe/Madrid', 3600, 'clinic', 'Pen 4', 1500,
    '["face","neck"]', '["acne_scars"]', 'microneedling', 1, 1795194000000, '["anticoagulant"]', '["gel"]', '["led"]', 1),
    ('00000000-0000-0000-0000-000000000002', 1798192200000, NULL, -3600, 'home', NULL, NULL,
    '["scalp"]', '[]', 'microneedling', 2, 1798194000000, '[]', '[]', '[]', 0);
INSERT INTO session_withdrawal (session, at) VALUES ('00000000-0000-0000-0000-000000000002', 1798199000000);
INSERT INTO check_in (id, revision, session, at, local_date, severities, signs, note, entered_at,
    temperature_tenths, areas)
VALUES ('00000000-0000-0000-0000-000000000011', 1, '00000000-0000-0000-0000-000000000001', 1795287840000,
    '2026-11-21', '{"erythema":3,"pain":0}', '["eye_pain"]', 'Tight', 1795287841000, 381, '["face"]'),
    ('00000000-0000-0000-0000-000000000011', 2, '00000000-0000-0000-0000-000000000001', 1795287840000,
    '2026-11-21', '{"erythema":2,"pain":0}', '[]', 'Not so tight', 1795288841000, 375, '["face"]'),
    ('00000000-0000-0000-0000-000000000012', 1, '00000000-0000-0000-0000-000000000001', 1795374240000,
    '2026-11-22', '{}', NULL, '', 1795374241000, NULL, '[]');
INSERT INTO call_outcome (check_in, outcome, at)
VALUES ('00000000-0000-0000-0000-000000000011', 'reached_clinic', 1795288000000),
    ('00000000-0000-0000-0000-000000000011', 'reached_clinic', 1795289000000),
    ('00000000-0000-0000-0000-000000000012', 'entered_by_mistake', 1795389000000);
INSERT INTO delivery (journal, seq, key, due_at, at, state, digest, reason)
VALUES ('a', 1, '00000000-0000-0000-0000-000000000001/check_in/check_in/+3h', 1795203000000, 1795203001000, 'claimed', 0, NULL),
    ('a', 2, '00000000-0000-0000-0000-000000000001/check_in/check_in/+3h', 1795203000000, 1795203002000, 'shown', 1, NULL),
    ('b', 1, 'other', 1795203000000, 1795203002000, 'failed', 0, 'no server');
"#;

/// What the version before medicines and appointments wrote beside that.
const FORM_3: &str = r#"
INSERT INTO course (entry, id, revision, replica, treatment, planned_sessions, interval_days, started, entered_at)
VALUES ('00000000-0000-0000-0000-000000000005', '00000000-0000-0000-0000-000000000005', 1,
    '00000000-0000-4000-8000-00000000000a', 'Microneedling', 3, 42, '2026-11-20', 1795194000000);
INSERT INTO session (entry, id, revision, replica, course, ended_at, zone_name, zone_offset, setting, device,
    depth_micrometres, areas, concerns, risks, clinic_gave, adjuncts, exposed, plan_id, plan_version, entered_at)
SELECT '00000000-0000-0000-0000-0000000000b1', id, 2, '00000000-0000-4000-8000-00000000000a',
    '00000000-0000-0000-0000-000000000005', ended_at, zone_name, zone_offset, setting, 'Pen 5', depth_micrometres,
    areas, concerns, risks, clinic_gave, adjuncts, exposed, plan_id, plan_version, 1795195000000
FROM session WHERE id = '00000000-0000-0000-0000-000000000001';
INSERT INTO photo (id, session, check_in, taken_at, media_type, width, height, entered_at, thumbnail, image)
VALUES ('00000000-0000-0000-0000-000000000020', '00000000-0000-0000-0000-000000000001',
    '00000000-0000-0000-0000-000000000011', 1795287840000, 'image/jpeg', 2048, 1536, 1795287841000, x'01', x'0203');
INSERT INTO plan_accepted (entry, plan_id, plan_version, text, accepted_at)
VALUES ('00000000-0000-0000-0000-000000000030', 'clinic_sol', 2, 'id = "clinic_sol"', 1795194000000);
INSERT INTO finding (check_in, rule, level, raised_at)
VALUES ('00000000-0000-0000-0000-000000000011', 'severe_pain', 'call_clinic', 1795287841000);
INSERT INTO call_outcome (check_in, at, outcome, reason)
VALUES ('00000000-0000-0000-0000-000000000012', 1795390000000, 'dismissed', 'gone');
INSERT INTO erased (id, at) VALUES ('00000000-0000-0000-0000-000000000099', 1795390000000);
UPDATE clinic SET out_of_hours_phone = '2', opening_hours = 'Mon-Fri';
INSERT INTO delivery (journal, seq, key, due_at, at, state, digest, reason)
VALUES ('b', 2, 'other', 1795203000000, 1795203003000, 'missed', 0, NULL),
    ('b', 3, 'other', 1795203000000, 1795203004000, 'opened', 0, NULL);
"#;

/// A closed diary as the version before courses and photos wrote it.
pub(crate) async fn as_form_2_wrote_it(folder: &Path) {
    wrote(folder, &[FORM_2], 2).await;
}

/// A closed diary as the version before medicines and appointments wrote it, with rows in every table.
pub(crate) async fn as_form_3_wrote_it(folder: &Path) {
    wrote(folder, &[FORM_2, FORM_3], 3).await;
}

/// Migrates an empty diary up to a form; what each of the last of them added is entered under it.
async fn wrote(folder: &Path, rows: &[&'static str], form: usize) {
    super::opened(folder).await.close().await;
    std::fs::remove_file(Diary::path(folder)).unwrap();
    let mut connection = super::connected_to(folder, &Diary::path(folder), true).await;
    let first = form + 1 - rows.len();
    for (rows, form) in rows.iter().zip(first..) {
        let migrations = tempfile::tempdir().unwrap();
        let all = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
        let mut names: Vec<_> = std::fs::read_dir(&all)
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        names.sort();
        for name in &names[..form] {
            std::fs::copy(all.join(name), migrations.path().join(name)).unwrap();
        }
        let migrator = sqlx::migrate::Migrator::new(migrations.path()).await.unwrap();
        migrator.run(&mut connection).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(*rows))
            .execute(&mut connection)
            .await
            .unwrap();
    }
    connection.close().await.unwrap();
}
