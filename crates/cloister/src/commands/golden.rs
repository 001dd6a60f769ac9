//! Golden files: texts we promise, compared in tests, written anew by `cargo xtask golden`.

#[cfg(test)]
pub(crate) use compared::check;

#[cfg(test)]
mod compared {
    use std::{env, fs, path::PathBuf};

    /// Compares a text with its golden file, or writes the file when `CLOISTER_GOLDEN=write`.
    pub(crate) fn check(name: &str, text: &str) {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
            .join("../../golden")
            .join(name);
        if env::var("CLOISTER_GOLDEN").is_ok_and(|word| word == "write") {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, text).unwrap();
        }
        let golden = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            golden == text,
            "golden/{name} is not current: run `cargo xtask golden` and look at the diff"
        );
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use crate::arguments::Arguments;

    fn help(command: &mut clap::Command) -> String {
        command
            .render_long_help()
            .to_string()
            .lines()
            .map(str::trim_end)
            .collect::<Vec<_>>()
            .join("\n")
            + "\n"
    }

    #[test]
    fn golden_help_of_every_verb_is_current() {
        let mut root = Arguments::command().term_width(100);
        root.build();
        super::check("cli/cloister.txt", &help(&mut root));
        for verb in root
            .get_subcommands_mut()
            .filter(|verb| verb.get_name() != "help")
        {
            let mut text = help(verb);
            for deeper in verb
                .get_subcommands_mut()
                .filter(|verb| verb.get_name() != "help")
            {
                text += &["\n", &"-".repeat(80), "\n\n", &help(deeper)].concat();
            }
            super::check(&format!("cli/{}.txt", verb.get_name()), &text);
        }
    }

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }
}
