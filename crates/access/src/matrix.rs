use std::fmt::Write as _;

use domain::{Action, LegalBasis, OperatorId, Purpose, Role, Timestamp};

use crate::{DataState, Operator, Policies, Request, Resource, ResourceKind, question};

/// What each role may do under the built-in policies, as a readable table: one line per act, one
/// column per role.
///
/// A cell has a letter per data state: `I`dentified, `L`imited data set, `D`e-identified, `N`o
/// data. A capital means permitted; a small letter means permitted with a declared purpose and a
/// legal basis that fits; a dot means never. The table is computed by asking [`crate::authorize`]'s
/// question for every role, act, kind of resource, state, purpose and basis.
#[expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "the policies are compiled in and a test reads them"
)]
pub fn matrix() -> String {
    let policies = Policies::built_in().expect("the compiled-in policies");
    let mut table = String::from(LEGEND);
    line(&mut table, "", Role::ALL.map(|role| role.word().to_owned()));
    for action in Action::ALL {
        let cells = Role::ALL.map(|role| {
            DataState::ALL
                .map(|state| letter(&policies, role, action, state))
                .iter()
                .collect()
        });
        line(&mut table, action.word(), cells);
    }
    table
}

fn line(table: &mut String, act: &str, cells: [String; 6]) {
    let mut text = format!("{act:<16}");
    for cell in cells {
        // Writing to a string cannot fail.
        let _ = write!(text, " {cell:<16}");
    }
    table.push_str(text.trim_end());
    table.push('\n');
}

fn letter(policies: &Policies, role: Role, action: Action, state: DataState) -> char {
    let letter = match state {
        DataState::Identified => 'I',
        DataState::LimitedDataSet => 'L',
        DataState::DeIdentified => 'D',
        DataState::NoData => 'N',
    };
    let asked = |kind, purpose, basis| ask(role, action, kind, state, purpose, basis);
    let kinds: Vec<_> = ResourceKind::ALL
        .into_iter()
        .filter(|&kind| question::may_ever_permit(policies, &asked(kind, None, None)))
        .collect();
    let allowed = |purpose, basis| {
        kinds
            .iter()
            .any(|&kind| question::decide(policies, &asked(kind, purpose, basis)).is_ok())
    };
    if allowed(None, None) {
        letter
    } else if declarations().any(|(purpose, basis)| allowed(purpose, basis)) {
        letter.to_ascii_lowercase()
    } else {
        '.'
    }
}

fn ask(
    role: Role,
    action: Action,
    kind: ResourceKind,
    state: DataState,
    purpose: Option<Purpose>,
    basis: Option<LegalBasis>,
) -> Request {
    #[expect(
        clippy::expect_used,
        reason = "the id is a literal in the alphabet of ids"
    )]
    let anybody = OperatorId::new("anybody").expect("a valid id");
    Request {
        operator: Operator::new(anybody, role),
        action,
        resource: Resource::new(kind, "any", state),
        purpose,
        basis,
        now: Timestamp::from_millis(0),
    }
}

/// Every way to declare a purpose, a basis, or both.
fn declarations() -> impl Iterator<Item = (Option<Purpose>, Option<LegalBasis>)> {
    let purposes = [None].into_iter().chain(PURPOSES.map(Some));
    purposes.flat_map(|purpose| {
        let bases = [None].into_iter().chain(BASES.map(Some));
        bases.map(move |basis| (purpose, basis))
    })
}

const PURPOSES: [Purpose; 6] = [
    Purpose::Treatment,
    Purpose::Payment,
    Purpose::Operations,
    Purpose::Research,
    Purpose::PublicHealth,
    Purpose::Demonstration,
];
const BASES: [LegalBasis; 5] = [
    LegalBasis::DeIdentified,
    LegalBasis::LimitedDataSet,
    LegalBasis::Authorization,
    LegalBasis::Waiver,
    LegalBasis::Operations,
];
const LEGEND: &str = "\
Who may do what, computed from the policies (45 CFR 164.308(a)(4), 164.312(a)(1)).
I identified data, L limited data set, D de-identified data, N no data of persons.
Capital: permitted. Small: permitted with a declared purpose and a legal basis that fits.
Dot: never.

";
