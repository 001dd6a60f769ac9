use domain::Stage;

/// Follows the progress of a run: a bar on a terminal, nothing in a test.
pub trait Watch {
    /// A stage begins.
    fn begin(&mut self, stage: Stage);

    /// So much of it is done.
    fn advance(&mut self, done: u64, of: u64);

    /// Something to show beside the bar, such as a noisy loss and the spend so far.
    fn note(&mut self, _stage: Stage, _text: &str) {}

    /// A stage ended.
    fn end(&mut self, stage: Stage, note: &str);
}

/// Nobody watches.
#[derive(Clone, Copy, Debug)]
pub struct Unwatched;

impl Watch for Unwatched {
    fn begin(&mut self, _stage: Stage) {}
    fn advance(&mut self, _done: u64, _of: u64) {}
    fn end(&mut self, _stage: Stage, _note: &str) {}
}
