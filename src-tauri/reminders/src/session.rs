//! Which login session a program belongs to. Two starts of a host may come from two sessions: the one that is over must
//! not keep the reminders.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What a program needs of its session to reach the patient there.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Session {
    /// Where its bus listens; none where it has none.
    bus: Option<String>,
    /// Its screen and its name, by the environment's own names.
    variables: BTreeMap<String, String>,
}

/// The bus's address.
const BUS: &str = "DBUS_SESSION_BUS_ADDRESS";

/// The folder in which the bus lies where nothing names it.
const RUNTIME: &str = "XDG_RUNTIME_DIR";

/// Either makes a screen.
const SCREENS: [&str; 2] = ["DISPLAY", "WAYLAND_DISPLAY"];

/// What else a program that is started there, such as the app at a click, must have right.
const NAMES: [&str; 4] = [
    "XAUTHORITY",
    "XDG_SESSION_ID",
    "XDG_SESSION_TYPE",
    "XDG_CURRENT_DESKTOP",
];

impl Session {
    /// The session that these environment variables describe. Only Linux has several of one account that such variables
    /// tell apart; elsewhere all are one.
    pub fn of(variable: impl Fn(&str) -> Option<String>) -> Self {
        if !cfg!(target_os = "linux") {
            return Self::default();
        }
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        let bus = set(BUS).or_else(|| Some(format!("unix:path={}/bus", set(RUNTIME)?)));
        let variables = SCREENS.into_iter().chain(NAMES);
        Self {
            bus,
            variables: variables
                .filter_map(|name| Some((name.to_owned(), set(name)?)))
                .collect(),
        }
    }

    /// Where its bus listens.
    pub fn bus(&self) -> Option<&str> {
        self.bus.as_deref()
    }

    /// Whether something can be shown there.
    pub fn has_screen(&self) -> bool {
        SCREENS.iter().any(|name| self.variables.contains_key(*name))
    }

    /// Whether both speak over one bus. A bus that was started anew at the same address is the same here: a host
    /// connects to it by itself.
    pub fn shares_bus_with(&self, other: &Self) -> bool {
        fn place(bus: &str) -> &str {
            bus.split(",guid=").next().unwrap_or(bus)
        }
        self.bus().map(place) == other.bus().map(place)
    }

    /// Whether everything that `newcomer` says of its session holds for this one too. What it does not say, such as a
    /// unit of the session's own manager, is no difference.
    pub fn covers(&self, newcomer: &Self) -> bool {
        newcomer
            .variables
            .iter()
            .all(|(name, value)| self.variables.get(name) == Some(value))
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::Session;

    fn session(variables: &[(&str, &str)]) -> Session {
        Session::of(|name| {
            let mut found = variables.iter().filter(|(own, _)| *own == name);
            found.next().map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn a_bus_is_named_or_lies_in_the_runtime_folder_and_its_name_of_the_day_does_not_matter() {
        let runtime = session(&[("XDG_RUNTIME_DIR", "/run/user/1")]);
        assert_eq!(runtime.bus(), Some("unix:path=/run/user/1/bus"));
        for (name, address, is_shared) in [
            ("the same", "unix:path=/run/user/1/bus", true),
            ("started anew", "unix:path=/run/user/1/bus,guid=ab", true),
            ("another", "unix:path=/tmp/bus", false),
            ("empty, so the runtime's, which is not known", "", false),
        ] {
            let other = session(&[("DBUS_SESSION_BUS_ADDRESS", address)]);
            assert_eq!(runtime.shares_bus_with(&other), is_shared, "{name}");
        }
    }

    #[test]
    fn a_session_covers_what_is_said_alike_or_not_at_all() {
        let old = session(&[("DISPLAY", ":0"), ("XDG_SESSION_ID", "2")]);
        for (name, newcomer, is_covered) in [
            (
                "the same",
                &[("DISPLAY", ":0"), ("XDG_SESSION_ID", "2")][..],
                true,
            ),
            ("less", &[("DISPLAY", ":0")], true),
            ("nothing", &[], true),
            ("another screen", &[("DISPLAY", ":1")], false),
            (
                "the same screen's number in a later session",
                &[("DISPLAY", ":0"), ("XDG_SESSION_ID", "5")],
                false,
            ),
            (
                "a screen of another kind",
                &[("WAYLAND_DISPLAY", "wayland-0")],
                false,
            ),
        ] {
            assert_eq!(old.covers(&session(newcomer)), is_covered, "{name}");
        }
        assert!(old.has_screen());
        assert!(!session(&[("XDG_SESSION_ID", "2")]).has_screen());
    }
}
