//! What `cargo xtask` offers. The house test reads this table too, to hold the README's commands against it.

/// A subcommand: its name, what may follow it, and the line of help.
pub(crate) type Command = (&'static str, &'static str, &'static str);

/// Every subcommand, in the order of the help text.
pub(crate) const COMMANDS: [Command; 9] = [
    (
        "run",
        "[--release] [-- ARGS]",
        "build what changed and open the app",
    ),
    (
        "demo",
        "",
        "open the app on a throw-away diary full of invented entries",
    ),
    (
        "test",
        "",
        "every test and check there is, with the time each took",
    ),
    (
        "check",
        "[--targets]",
        "formatting and lints; with --targets, type-check for other systems",
    ),
    (
        "types",
        "",
        "make the window's types, and the answers that its tests use, from the commands",
    ),
    ("pictures", "", "take the README's pictures of the real window"),
    (
        "bench",
        "[RUNS]",
        "time to first paint and memory, against an empty window",
    ),
    (
        "prove",
        "[PART]",
        "the diary's promises at length: kills, failing disks, damaged files, canaries",
    ),
    (
        "setup",
        "",
        "install what building and testing need, and nothing else",
    ),
];
