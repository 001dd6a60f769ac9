//! One crypto library: `ring` is in no tree that is built, tests and benchmarks included.
//!
//! The lock file names crates that weak features could turn on, so it is `cargo tree` that is asked.

use crate::command::at_root;

/// What depends on `ring`, one sentence each.
pub(super) fn check() -> Vec<String> {
    let words = [
        "tree",
        "--workspace",
        "--all-features",
        "--locked",
        "--edges",
        "normal,build,dev",
        "--invert",
        "ring",
        "--depth",
        "1",
        "--prefix",
        "none",
    ];
    match at_root("cargo", &words).output() {
        Ok(said) => judge(
            &String::from_utf8_lossy(&said.stdout),
            &String::from_utf8_lossy(&said.stderr),
        ),
        Err(error) => vec![format!("`cargo tree` does not run: {error}")],
    }
}

/// Our own shim of that name, over aws-lc-rs, is not ring (decision 14).
///
/// Cargo says on stderr that there is nothing to print, or that there is no such package.
fn judge(stdout: &str, stderr: &str) -> Vec<String> {
    let first = stdout.trim_start().lines().next().unwrap_or_default();
    if first.starts_with("ring ") && first.ends_with("/shims/ring)") {
        return Vec::new();
    }
    if first.starts_with("ring ") {
        let users: Vec<&str> = stdout
            .lines()
            .skip(1)
            .filter(|line| !line.is_empty())
            .collect();
        return vec![format!(
            "ring is in the tree, because of {}: the crypto library is aws-lc-rs",
            users.join(" and ")
        )];
    }
    let is_absent =
        stderr.contains("nothing to print") || stderr.contains("did not match any packages");
    if is_absent {
        Vec::new()
    } else {
        vec![format!("`cargo tree` did not answer: {}", stderr.trim())]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_brings_ring_is_named_and_silence_is_no_answer() {
        assert_eq!(
            judge("ring v0.17.14\nquick-tls v1.0.0\n", ""),
            ["ring is in the tree, because of quick-tls v1.0.0: the crypto library is aws-lc-rs"]
        );
        assert_eq!(
            judge("ring v0.17.14 (/house/shims/ring)\nparquet v1.0.0\n", ""),
            Vec::<String>::new()
        );
        assert!(judge("", "warning: nothing to print.").is_empty());
        assert!(
            judge(
                "",
                "error: package ID specification `ring` did not match any packages"
            )
            .is_empty()
        );
        assert_eq!(judge("", "error: no network").len(), 1);
    }
}
