//! Running other programs from the root of the source tree.

use std::{
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Command, Stdio},
};

/// The root of the source tree.
pub(crate) fn root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.parent().map_or_else(|| here.clone(), PathBuf::from)
}

/// A program with its arguments, at the root.
pub(crate) fn at_root(program: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root());
    command
}

/// Runs `cargo` with these arguments and says whether it succeeded.
pub(crate) fn cargo(arguments: &[&str]) -> bool {
    succeeds(&mut at_root("cargo", arguments))
}

/// Runs a command to its end and says whether it succeeded.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command.status().is_ok_and(|status| status.success())
}

/// Whether a program answers to `--version`.
pub(crate) fn present(program: &str, arguments: &[&str]) -> bool {
    let mut command = at_root(program, arguments);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    succeeds(&mut command)
}

/// Runs a command, shows its output as it comes, and returns the lines together with its success.
pub(crate) fn listen(mut command: Command) -> (bool, Vec<String>) {
    let (reader, writer) = match std::io::pipe() {
        Ok(ends) => ends,
        Err(error) => return (false, vec![error.to_string()]),
    };
    let Ok(copy) = writer.try_clone() else {
        return (false, Vec::new());
    };
    let child = command.stdout(writer).stderr(copy).spawn();
    // The parent's ends of the pipe must be gone, or the reading below never ends.
    drop(command);
    let Ok(mut child) = child else {
        return (false, vec!["the program did not start".to_owned()]);
    };
    let mut lines = Vec::new();
    for line in BufReader::new(reader).lines().map_while(Result::ok) {
        println!("{line}");
        lines.push(line);
    }
    (child.wait().is_ok_and(|status| status.success()), lines)
}
