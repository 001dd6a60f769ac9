//! The three-digit ZIP rule of Safe Harbor.

use std::sync::LazyLock;

/// Three-digit ZIP areas with their population, and the rule for showing them.
///
/// Input is a ZIP code as people write it: five digits, ZIP+4 with or without its hyphen, or a
/// number that lost its leading zeros (`2138` is 02138). The answer is always three digits: the
/// first three if that area had **more than 20,000** people, else `000`. What is not a ZIP code,
/// and every area that is not in the table (military, unique to one organisation, unknown), gives
/// `000`. Three digits alone are taken as an area already generalised, so that a second run
/// changes nothing.
///
/// Population is in persons, summed over the ZIP Code Tabulation Areas of the 2020 decennial
/// census, the 50 states, the District of Columbia and Puerto Rico. Eighteen areas fall under the
/// rule; 204 and 772, which the lists of 2000 and 2010 still show, are among them.
///
/// Source: 45 CFR 164.514(b)(2)(i)(B); US Census Bureau, 2020 Census.
///
/// ```
/// use cloister_phi::zip3::Zip3Table;
/// let table = Zip3Table::census_2020();
/// assert_eq!(table.generalize("02138-1001"), "021"); // Cambridge, Massachusetts
/// assert_eq!(table.generalize("2138"), "021"); // the same, from a column of numbers
/// assert_eq!(table.generalize("03601"), "000"); // 036 has 13,153 people
/// assert_eq!(table.generalize("09012"), "000"); // military post: not in the census
/// ```
#[derive(Debug)]
pub struct Zip3Table {
    version: &'static str,
    areas: Vec<Option<Area>>,
}

/// One three-digit area, as the table file has it.
#[derive(Clone, Copy, Debug)]
struct Area {
    prefix: &'static str,
    population: u32,
}

impl Zip3Table {
    /// The table of the 2020 decennial census.
    pub fn census_2020() -> &'static Self {
        static TABLE: LazyLock<Zip3Table> = LazyLock::new(|| Zip3Table {
            version: "census-2020",
            areas: areas(include_str!("../data/zip3-2020.tsv")),
        });
        &TABLE
    }

    /// The name of the table, for manifests.
    pub const fn version(&self) -> &'static str {
        self.version
    }

    /// The three digits that may be shown for a ZIP code, or `000`.
    pub fn generalize(&self, zip: &str) -> &'static str {
        prefix_of(zip).map_or(HIDDEN, |prefix| self.shown(prefix))
    }

    /// The three digits that may be shown for a ZIP code held as a number, or `000`.
    ///
    /// A number has no leading zeros, so up to five digits are filled up to five and up to nine
    /// to nine: 601 is 00601 (Puerto Rico), never the area 601.
    ///
    /// ```
    /// use cloister_phi::zip3::Zip3Table;
    /// assert_eq!(Zip3Table::census_2020().generalize_number(601), "006");
    /// ```
    pub fn generalize_number(&self, zip: i64) -> &'static str {
        let prefix = match zip {
            1..=99_999 => zip / 100,
            100_000..=999_999_999 => zip / 1_000_000,
            _ => return HIDDEN,
        };
        usize::try_from(prefix).map_or(HIDDEN, |prefix| self.shown(prefix))
    }

    /// The people of a three-digit area; nothing for an area that is not in the table.
    pub fn population(&self, prefix: &str) -> Option<u32> {
        let prefix = number_of(prefix)?;
        Some(self.areas.get(prefix)?.as_ref()?.population)
    }

    fn shown(&self, prefix: usize) -> &'static str {
        match self.areas.get(prefix) {
            Some(Some(area)) if area.population > PEOPLE_MIN => area.prefix,
            _ => HIDDEN,
        }
    }
}

/// The first five digits of a ZIP code as people write it; nothing for what is none.
///
/// Source: 45 CFR 164.514(e)(2)(ii), which lets a limited data set show the ZIP code.
///
/// ```
/// use cloister_phi::zip3::five_digits;
/// assert_eq!(five_digits("02139-4307").as_deref(), Some("02139"));
/// assert_eq!(five_digits("2139").as_deref(), Some("02139"));
/// assert_eq!(five_digits("K1A 0B1"), None);
/// ```
pub fn five_digits(zip: &str) -> Option<String> {
    let zip = zip.trim();
    let zip = zip.strip_suffix(".0").unwrap_or(zip);
    prefix_of(zip)?;
    let digits: String = zip.chars().filter(char::is_ascii_digit).collect();
    match digits.len() {
        4 => Some(format!("0{digits}")),
        5 => Some(digits),
        8 => Some(format!("0{}", digits.get(..4)?)),
        9 => digits.get(..5).map(str::to_owned),
        _ => None,
    }
}

/// An area is shown if it has more people than this.
const PEOPLE_MIN: u32 = 20_000;
/// What stands for an area that must not be shown.
pub const HIDDEN: &str = "000";

fn areas(table: &'static str) -> Vec<Option<Area>> {
    let mut areas = vec![None; 1_000];
    for line in table.lines().skip(1) {
        let Some((prefix, population)) = line.split_once('\t') else {
            continue;
        };
        if let (Some(index), Ok(population)) = (number_of(prefix), population.trim().parse())
            && let Some(area) = areas.get_mut(index)
        {
            *area = Some(Area { prefix, population });
        }
    }
    areas
}

/// The number of the area a written ZIP code lies in.
fn prefix_of(zip: &str) -> Option<usize> {
    let zip = zip.trim();
    let zip = zip.strip_suffix(".0").unwrap_or(zip);
    let (five, four) = match zip.split_once(['-', ' ']) {
        Some((five, four)) => (five, Some(four)),
        None => (zip, None),
    };
    let four_is_sound = four.is_none_or(|four| {
        four.is_empty() || four.len() == 4 && four.bytes().all(|byte| byte.is_ascii_digit())
    });
    let number = number_of(five).filter(|_| four_is_sound)?;
    match five.len() {
        3 => Some(number),
        4 | 5 => Some(number / 100),
        8 | 9 if four.is_none() => Some(number / 1_000_000),
        _ => None,
    }
}

fn number_of(digits: &str) -> Option<usize> {
    let sound = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|_| sound)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LOW_2020: [&str; 18] = [
        "036", "059", "102", "202", "203", "204", "205", "369", "556", "692", "753", "772", "821",
        "823", "878", "879", "884", "893",
    ];

    #[test]
    fn the_eighteen_small_areas_of_2020_are_hidden_and_no_others_of_the_table() {
        let table = Zip3Table::census_2020();
        let hidden: Vec<_> = table
            .areas
            .iter()
            .flatten()
            .filter(|area| table.generalize(&format!("{}01", area.prefix)) == HIDDEN)
            .map(|area| area.prefix)
            .collect();
        // Areas with no people at all (202, 753) may be absent from the table: hidden as unknown.
        assert!(hidden.iter().all(|prefix| LOW_2020.contains(prefix)));
        for prefix in LOW_2020 {
            assert_eq!(table.generalize(&format!("{prefix}42")), HIDDEN, "{prefix}");
            assert_eq!(table.generalize(prefix), HIDDEN, "{prefix}");
        }
    }

    #[test]
    fn written_forms_of_one_code_agree() {
        let table = Zip3Table::census_2020();
        for written in [
            "02139",
            "02139-4307",
            "021394307",
            "2139",
            "21394307",
            " 02139 ",
            "2139.0",
        ] {
            assert_eq!(table.generalize(written), "021", "{written}");
        }
        assert_eq!(table.generalize_number(2_139), "021");
        assert_eq!(table.generalize_number(21_394_307), "021");
    }

    #[test]
    fn what_is_no_zip_code_is_hidden() {
        let table = Zip3Table::census_2020();
        for written in [
            "",
            "abc",
            "K1A 0B1",
            "12",
            "123456",
            "02139-43",
            "+2139",
            "０２１３９",
        ] {
            assert_eq!(table.generalize(written), HIDDEN, "{written}");
        }
        assert_eq!(table.generalize_number(-2_139), HIDDEN);
        assert_eq!(table.generalize_number(i64::MAX), HIDDEN);
    }

    #[test]
    fn populations_are_those_of_the_census() {
        let table = Zip3Table::census_2020();
        assert_eq!(table.population("036"), Some(13_153));
        assert_eq!(table.population("021"), Some(1_414_778));
        assert_eq!(table.population("999999"), None);
    }

    proptest! {
        #[test]
        fn a_second_run_changes_nothing(zip in "\\PC{0,12}|[0-9]{3,9}") {
            let table = Zip3Table::census_2020();
            let once = table.generalize(&zip);
            prop_assert_eq!(table.generalize(once), once);
        }
    }
}
