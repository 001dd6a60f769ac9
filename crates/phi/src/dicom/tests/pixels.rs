//! Burned-in risk and regions.

use domain::Explain;

use super::*;

fn image(class: &str, modality: &str) -> DicomFile<'static> {
    let mut file = rich(Syntax::EXPLICIT_LITTLE);
    text(&mut file.data, 0x0008, 0x0016, Vr::Ui, class);
    text(&mut file.data, 0x0008, 0x0060, Vr::Cs, modality);
    file
}

fn ultrasound() -> DicomFile<'static> {
    image("1.2.840.10008.5.1.4.1.1.6.1", "US")
}

fn rules(regions: Vec<Region>) -> Imaging {
    Imaging {
        regions: RegionRules {
            rules: vec![RegionRule {
                modality: Some("US".to_owned()),
                manufacturer: Some("siemens".to_owned()),
                rows: Some(4),
                regions,
                ..RegionRule::default()
            }],
        },
        ..Imaging::default()
    }
}

const CORNER: Region = Region {
    left: 2,
    top: 0,
    width: 90,
    height: 1,
};

fn pixels(bytes: &[u8]) -> Vec<u8> {
    match &parsed(bytes).data.find(Tag(0x7fe0, 0x0010)).unwrap().value {
        Value::Bytes(bytes) => bytes.to_vec(),
        _ => panic!("native pixels"),
    }
}

#[test]
fn every_sign_of_burned_in_text_is_seen() {
    let with = |class: &str, modality: &str, element: Option<(u16, u16, &str)>| {
        let mut file = image(class, modality);
        if let Some((group, element, value)) = element {
            text(&mut file.data, group, element, Vr::Cs, value);
        }
        risk::of(&file.data)
    };
    assert_eq!(with(CT, "CT", None), []);
    assert_eq!(
        with(CT, "CT", Some((0x0028, 0x0301, "YES"))),
        [PixelRisk::Declared]
    );
    assert_eq!(with(CT, "US", None), [PixelRisk::Modality]);
    assert_eq!(with(CT, "US", Some((0x0028, 0x0301, "NO"))), []);
    assert_eq!(
        with(
            "1.2.840.10008.5.1.4.1.1.7.4",
            "CT",
            Some((0x0028, 0x0301, "NO"))
        ),
        [PixelRisk::SopClass]
    );
    assert_eq!(
        with("1.2.840.10008.5.1.4.1.1.77.1.4", "CT", None),
        [PixelRisk::SopClass]
    );
    assert_eq!(
        with(
            CT,
            "CT",
            Some((0x0008, 0x0008, "DERIVED\\SECONDARY\\SCREEN SAVE"))
        ),
        [PixelRisk::ImageType]
    );
    assert_eq!(
        with(CT, "CT", Some((0x0008, 0x0064, "SI"))),
        [PixelRisk::Conversion]
    );
    assert_eq!(
        with(CT, "CT", Some((0x0028, 0x0302, "YES"))),
        [PixelRisk::Face]
    );
}

#[test]
fn an_image_at_risk_is_refused_with_a_way_out() {
    let bytes = ultrasound().write();
    let error = run(&bytes, Crosswalk::new(), &Imaging::default()).unwrap_err();
    assert_eq!(error.code().to_string(), "CL2072");
    assert_eq!(error.code().exit(), domain::Exit::Refused);
    assert!(error.help().contains("--accept-burned-in"));
    assert!(!error.to_string().contains("SIEMENS"));
    let accepted = Imaging {
        burned_in_accepted: true,
        ..Imaging::default()
    };
    let (output, ..) = run(&bytes, Crosswalk::new(), &accepted).unwrap();
    assert_eq!(pixels(&output), (1..=32).collect::<Vec<u8>>());
}

#[test]
fn regions_are_blacked_out_and_nothing_else() {
    let bytes = ultrasound().write();
    let (output, ..) = run(&bytes, Crosswalk::new(), &rules(vec![CORNER])).unwrap();
    let mut expected: Vec<u8> = (1..=32).collect();
    expected[4..8].fill(0);
    assert_eq!(pixels(&output), expected);
    let data = parsed(&output).data;
    assert_eq!(shown(&data, 0x0028, 0x0301).as_deref(), Some("NO"));
    let first = &items(&data, 0x0012, 0x0064)[1];
    assert_eq!(shown(first, 0x0008, 0x0100).as_deref(), Some("113101"));
}

#[test]
fn a_rule_without_regions_lets_known_images_pass() {
    let bytes = ultrasound().write();
    let (output, ..) = run(&bytes, Crosswalk::new(), &rules(Vec::new())).unwrap();
    assert_eq!(pixels(&output), (1..=32).collect::<Vec<u8>>());
}

#[test]
fn a_face_is_not_met_by_regions() {
    let mut file = ultrasound();
    text(&mut file.data, 0x0028, 0x0302, Vr::Cs, "YES");
    let error = run(&file.write(), Crosswalk::new(), &rules(vec![CORNER])).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the image may show identifiers in its pixels (recognizable visual features are declared)"
    );
}

#[test]
fn colour_frames_are_blacked_out_by_pixel_and_by_plane() {
    for (planar, expected) in [
        (0, [0, 0, 0, 2, 2, 2, 0, 0, 0, 4, 4, 4]),
        (1, [0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6]),
    ] {
        let mut file = ultrasound();
        short(&mut file.data, 0x0028, 0x0002, 3);
        text(&mut file.data, 0x0028, 0x0004, Vr::Cs, "RGB");
        short(&mut file.data, 0x0028, 0x0006, planar);
        text(&mut file.data, 0x0028, 0x0008, Vr::Is, "2");
        short(&mut file.data, 0x0028, 0x0010, 1);
        short(&mut file.data, 0x0028, 0x0011, 2);
        short(&mut file.data, 0x0028, 0x0100, 8);
        let source = if planar == 0 {
            vec![1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]
        } else {
            vec![9, 1, 9, 2, 9, 3, 9, 4, 9, 5, 9, 6]
        };
        file.data
            .put(Element::bytes(Tag(0x7fe0, 0x0010), Vr::Ob, source));
        let mut imaging = rules(vec![Region {
            left: 0,
            top: 0,
            width: 1,
            height: 1,
        }]);
        imaging.regions.rules[0].rows = Some(1);
        let (output, ..) = run(&file.write(), Crosswalk::new(), &imaging).unwrap();
        assert_eq!(pixels(&output), expected, "planar {planar}");
    }
}

#[test]
fn what_cannot_be_blacked_out_is_refused() {
    let mut compressed = ultrasound();
    compressed.syntax = Syntax::of("1.2.840.10008.1.2.4.50");
    let mut short_of_pixels = ultrasound();
    short(&mut short_of_pixels.data, 0x0028, 0x0011, 9_999);
    let mut subsampled = ultrasound();
    text(&mut subsampled.data, 0x0028, 0x0004, Vr::Cs, "YBR_FULL_422");
    for file in [compressed, short_of_pixels, subsampled] {
        let error = run(&file.write(), Crosswalk::new(), &rules(vec![CORNER])).unwrap_err();
        assert_eq!(error.code().to_string(), "CL2073");
    }
}

#[test]
fn rules_read_as_json_and_refuse_unknown_keys() {
    let rules = r#"{ "rule": [ { "modality": "US", "regions": [ { "left": 0, "top": 0, "width": 8, "height": 2 } ] } ] }"#;
    let rules: RegionRules = serde_json::from_str(rules).unwrap();
    assert_eq!(rules.rules[0].regions[0].width, 8);
    assert!(serde_json::from_str::<RegionRules>(r#"{ "rules": [] }"#).is_err());
}
