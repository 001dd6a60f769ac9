/// A town with the ZIPs used for it and its share of patients.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Town {
    pub(crate) city: &'static str,
    pub(crate) state: &'static str,
    pub(crate) zips: &'static [&'static str],
}

/// Towns with their weight: six three-digit areas with more than 20,000 people, and 036 and 059
/// with fewer (2020 census: 13,153 and 3,352), whose ZIPs Safe Harbor turns into 000.
pub(crate) const TOWNS: &[(u32, Town)] = &[
    (
        10,
        Town {
            city: "Hanover",
            state: "NH",
            zips: &["03755"],
        },
    ),
    (
        12,
        Town {
            city: "Lebanon",
            state: "NH",
            zips: &["03766"],
        },
    ),
    (
        7,
        Town {
            city: "Enfield",
            state: "NH",
            zips: &["03748"],
        },
    ),
    (
        3,
        Town {
            city: "Charlestown",
            state: "NH",
            zips: &["03603"],
        },
    ),
    (
        2,
        Town {
            city: "Walpole",
            state: "NH",
            zips: &["03608"],
        },
    ),
    (
        1,
        Town {
            city: "Alstead",
            state: "NH",
            zips: &["03602"],
        },
    ),
    (
        6,
        Town {
            city: "White River Junction",
            state: "VT",
            zips: &["05001"],
        },
    ),
    (
        4,
        Town {
            city: "Woodstock",
            state: "VT",
            zips: &["05091"],
        },
    ),
    (
        1,
        Town {
            city: "Guildhall",
            state: "VT",
            zips: &["05905"],
        },
    ),
    (
        1,
        Town {
            city: "Canaan",
            state: "VT",
            zips: &["05903"],
        },
    ),
    (
        14,
        Town {
            city: "Worcester",
            state: "MA",
            zips: &["01602", "01604", "01609"],
        },
    ),
    (
        6,
        Town {
            city: "Shrewsbury",
            state: "MA",
            zips: &["01545"],
        },
    ),
    (
        3,
        Town {
            city: "Leominster",
            state: "MA",
            zips: &["01453"],
        },
    ),
    (
        12,
        Town {
            city: "Pittsburgh",
            state: "PA",
            zips: &["15206", "15217", "15232"],
        },
    ),
    (
        10,
        Town {
            city: "San Antonio",
            state: "TX",
            zips: &["78207", "78212", "78230"],
        },
    ),
];

/// Streets; each is used with a house number.
pub(crate) const STREETS: &[&str] = &[
    "Maple Street",
    "Oak Hill Road",
    "Mechanic Street",
    "Lyme Road",
    "River Street",
    "Elm Street",
    "Prospect Avenue",
    "Church Street",
    "Summer Street",
    "Old Mill Lane",
    "Birchwood Drive",
    "Pleasant Street",
    "Meadow Lane",
    "Kilburn Road",
    "Highland Avenue",
    "Spring Street",
    "Cedar Court",
    "Blackstone Boulevard",
    "Walnut Street",
    "Orchard Terrace",
    "Lincoln Avenue",
    "Sunset Drive",
    "Chestnut Place",
    "Forbes Avenue",
    "Ridge Road",
    "Granite Way",
    "Depot Street",
    "Juniper Circle",
    "Hartford Turnpike",
    "King's Highway",
    "Quarry Road",
    "Saint Mary's Street",
    "Winding Brook Lane",
    "Route 120",
    "East Wheelock Street",
    "Brackenridge Avenue",
    "Zarzamora Street",
    "Slayton Hill Road",
    "Tatnuck Square",
    "Beeler Street",
];

/// Area codes by state.
pub(crate) fn area_code(state: &str) -> &'static str {
    match state {
        "NH" => "603",
        "VT" => "802",
        "MA" => "508",
        "PA" => "412",
        _ => "210",
    }
}

/// Employers with an occupation found there.
pub(crate) const EMPLOYERS: &[(&str, &str)] = &[
    ("Granite State Tool & Die", "machinist"),
    ("Hypertec Plasma Works", "welder"),
    ("Valley Regional School District", "teacher"),
    ("Connecticut River Lumber", "saw operator"),
    ("Brightwater Insurance Group", "claims adjuster"),
    ("Dunmore & Keel LLP", "paralegal"),
    ("Three Rivers Steel Supply", "crane operator"),
    ("Alamo Freight Lines", "truck driver"),
    ("Wachusett Dairy Cooperative", "line supervisor"),
    ("Upper Valley Transit Authority", "bus driver"),
    ("Kessler Precision Optics", "technician"),
    ("Blue Heron Bakery", "baker"),
    ("Mountain Ridge Ski Company", "lift mechanic"),
    ("Pemberton College", "librarian"),
    ("Harlan Roofing and Siding", "roofer"),
    ("Nashoba Software Systems", "software developer"),
    ("Tri-County Electric", "lineman"),
    ("Fairbanks Scale Company", "assembler"),
    ("St. Alban's Parish", "office manager"),
    ("Quill & Ember Books", "bookseller"),
    ("Bexar Street Bank", "teller"),
    ("Steel City Catering", "cook"),
    ("Mascoma Veterinary Group", "veterinary assistant"),
    ("Oxbow Organic Farm", "farm hand"),
];

/// Hospitals and clinics named in notes.
pub(crate) const FACILITIES: &[&str] = &[
    "Mercy Valley Hospital",
    "St. Brigid Medical Center",
    "Upper Valley Community Hospital",
    "Lakeside Rehabilitation Center",
    "Alice Hale Cancer Institute",
    "Green Mountain Clinic",
    "Worthington Memorial Hospital",
    "Riverbend Nursing Home",
    "North Branch Family Practice",
    "Cutler County General",
    "Oak Knoll Assisted Living",
    "Presbyterian West",
    "Sisters of Charity Hospice",
    "Harbor Point Dialysis",
    "Blackwell Eye Associates",
];
