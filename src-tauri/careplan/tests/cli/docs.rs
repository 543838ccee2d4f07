//! The examples of `docs/careplan.md` are run, and print what stands there.
//!
//! A fenced block whose info string ends with a file's name is that file. A `console` block holds
//! one command after `$`, as a shell would take it but for pipes, and what it prints; a line `…` stands for the rest.

use std::path::Path;

use crate::given::run_in;

const DOCS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/careplan.md");

/// A fenced block: its info string and its lines.
fn blocks(text: &str) -> Vec<(&str, Vec<&str>)> {
    let mut blocks = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(info) = line.strip_prefix("```") {
            let inside = lines.by_ref().take_while(|line| *line != "```").collect();
            blocks.push((info, inside));
        }
    }
    blocks
}

/// The words of a command, some of them in double quotes.
fn words(command: &str) -> Vec<&str> {
    command
        .split('"')
        .zip([false, true].into_iter().cycle())
        .flat_map(|(part, quoted)| {
            if quoted {
                vec![part]
            } else {
                part.split_whitespace().collect()
            }
        })
        .collect()
}

/// What a command prints, whichever way it ends.
fn printed(folder: &Path, command: &str) -> String {
    let (command, input) = match command.split_once(" < ") {
        Some((command, file)) => {
            let text = std::fs::read_to_string(folder.join(file)).expect("a file of the page");
            (command, text)
        }
        None => (command, String::new()),
    };
    let arguments = words(command.strip_prefix("careplan ").expect("a command of this tool"));
    let run = run_in(folder, &arguments, &input);
    run.stderr + &run.stdout
}

#[test]
fn every_example_prints_what_the_page_says() {
    let text = std::fs::read_to_string(DOCS).expect("the page");
    let folder = tempfile::tempdir().expect("a folder");
    let blocks = blocks(&text);
    for (info, lines) in &blocks {
        if let Some((_, name)) = info.split_once(' ') {
            std::fs::write(folder.path().join(name), lines.join("\n") + "\n").expect("a file");
        }
    }
    let mut examples = 0;
    for (_, lines) in blocks.iter().filter(|(info, _)| *info == "console") {
        let mut lines = lines.iter();
        let mut command = lines
            .next()
            .and_then(|line| line.strip_prefix("$ "))
            .expect("a command")
            .to_owned();
        while let Some(begun) = command.strip_suffix('\\') {
            command = begun.to_owned() + lines.next().expect("the rest of a command").trim_start();
        }
        let expected: Vec<_> = lines.copied().collect();
        let printed = printed(folder.path(), &command);
        let printed: Vec<_> = printed.lines().collect();
        match expected.split_last() {
            Some((&"…", expected)) => assert!(printed.starts_with(expected), "{command}\n{printed:#?}"),
            _ => assert_eq!(printed, expected, "{command}"),
        }
        examples += 1;
    }
    assert!(examples >= 8, "the page has its examples");
}
