//! A bar per stage on a terminal, silence elsewhere.

use domain::Stage;
use flow::Watch;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::screen::Screen;

/// Draws the progress of a study on stderr.
#[derive(Debug)]
pub(crate) struct Bars {
    shown: bool,
    bar: ProgressBar,
}

impl Bars {
    /// Bars for this screen.
    pub(crate) fn new(screen: Screen) -> Self {
        Self {
            shown: screen.shows_progress(),
            bar: ProgressBar::hidden(),
        }
    }
}

impl Watch for Bars {
    fn begin(&mut self, stage: Stage) {
        if !self.shown {
            return;
        }
        let number = Stage::ALL.iter().position(|one| *one == stage).unwrap_or(0) + 1;
        let style =
            ProgressStyle::with_template("{prefix} [{bar:32}] {percent:>3} %  {elapsed} {msg}")
                .unwrap_or_else(|_| ProgressStyle::default_bar());
        self.bar = ProgressBar::with_draw_target(Some(1), ProgressDrawTarget::stderr_with_hz(10));
        self.bar.set_style(style.progress_chars("=> "));
        self.bar
            .set_prefix(format!("{number:>2} {:<11}", stage.word()));
    }

    fn advance(&mut self, done: u64, of: u64) {
        self.bar.set_length(of.max(1));
        self.bar.set_position(done);
    }

    fn note(&mut self, _stage: Stage, text: &str) {
        self.bar.set_message(text.to_owned());
    }

    fn end(&mut self, _stage: Stage, note: &str) {
        self.bar.set_length(1);
        self.bar.set_position(1);
        self.bar.finish_with_message(note.to_owned());
    }
}

/// One bar of bytes on stderr, for what reads or writes much.
#[derive(Debug)]
pub(crate) struct ByteBar(ProgressBar);

impl ByteBar {
    /// A bar for this screen.
    pub(crate) fn new(screen: Screen) -> Self {
        if !screen.shows_progress() {
            return Self(ProgressBar::hidden());
        }
        let style = ProgressStyle::with_template(
            "[{bar:32}] {percent:>3} %  {bytes} of {total_bytes}  {bytes_per_sec}  {eta} left",
        )
        .unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar = ProgressBar::with_draw_target(Some(1), ProgressDrawTarget::stderr_with_hz(10));
        bar.set_style(style.progress_chars("=> "));
        Self(bar)
    }

    /// Bytes done, of how many.
    pub(crate) fn show(&mut self, done: u64, of: u64) {
        self.0.set_length(of.max(1));
        self.0.set_position(done.min(of));
    }

    /// Takes the bar away.
    pub(crate) fn end(&self) {
        self.0.finish_and_clear();
    }
}
