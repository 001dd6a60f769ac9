//! `cloister deid`: files without identifiers, and what belongs to that: plans, evaluation, review.

mod file;
mod plan;

use crate::{
    arguments::{Deid, DeidVerb},
    codes,
    failure::Failure,
    screen::Screen,
};

pub(super) fn run(deid: &Deid, screen: Screen) -> Result<(), Failure> {
    match (&deid.verb, &deid.input, &deid.output) {
        (Some(DeidVerb::Plan(verb)), ..) => plan::run(verb, screen),
        (None, Some(input), Some(output)) => {
            file::run(input, output, deid.person.as_deref(), screen)
        }
        // The command line asks for both before it comes here.
        (None, ..) => Err(Failure::new(
            codes::WORDS,
            "an input and an output are needed",
            "write `cloister deid INPUT -o OUTPUT`",
        )),
    }
}
