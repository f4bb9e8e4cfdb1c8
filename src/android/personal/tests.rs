use super::*;

fn found(text: &str, known: &Known) -> Vec<String> {
    find(text.as_bytes(), std::slice::from_ref(known)).into_iter().map(|f| f.form).collect()
}

#[test]
fn an_identifier_is_found_in_every_usual_form() {
    let id = Known::new(DataKind::DeviceId, "android-id", "9f3a5c7712bd04e6");
    assert_eq!(found(r#"{"aid":"9F3A5C7712BD04E6"}"#, &id), ["plain"]);
    assert_eq!(found("q=%39f3a5c7712bd04e6", &id), ["percent-encoded"]);
    assert_eq!(found("q=OWYzYTVjNzcxMmJkMDRlNg", &id), ["base64"]);
    for (digest, form) in [("c25ed88e80fcd9b44eb6bd0e1bb9ce7c", "md5"), ("00000000000000000000000000000000", "")] {
        let computed = hex_md5("9f3a5c7712bd04e6");
        let text = if form == "md5" { computed } else { digest.to_owned() };
        assert_eq!(found(&text, &id).first().map_or("", String::as_str), form);
    }
    assert!(found("x9f3a5c7712bd04e6f", &id).is_empty(), "a part of something longer");
    let masked = find(b"9f3a5c7712bd04e6", &[id])[0].masked.clone();
    assert_eq!(masked, "9f••••e6");
}

fn hex_md5(text: &str) -> String {
    use md5::Digest;
    md5::Md5::digest(text).iter().map(|b| format!("{b:02x}")).collect()
}

#[test]
fn a_place_needs_both_its_numbers() {
    let place = Known::new(DataKind::Location, "position", "37.421998,-122.084000");
    assert_eq!(found("lat=37.42&lon=-122.08", &place), ["plain"]);
    assert_eq!(found(r#"{"loc":[-122.0840001,37.4219983]}"#, &place), ["plain"]);
    for near_miss in ["lat=37.42", "lat=137.42&lon=-122.08", "lat=37.43&lon=-122.08", "v=1.37.42&w=122.08"] {
        assert!(found(near_miss, &place).is_empty(), "{near_miss}");
    }
}

#[test]
fn a_number_is_found_however_it_is_grouped() {
    let number = Known::new(DataKind::PhoneNumber, "SIM", "15555215554");
    for text in ["tel=15555215554", "+1 555-521-5554", "(555) 521 5554", "p=5555215554;"] {
        assert_eq!(found(text, &number), ["plain"], "{text}");
    }
    for text in ["ts=1555521555412345", "id=21555521555", "5215554"] {
        assert!(found(text, &number).is_empty(), "{text}");
    }
}

#[test]
fn a_few_apps_are_no_list_of_them() {
    let apps: Vec<Known> = (0..6).map(|n| Known::new(DataKind::AppList, "package", format!("com.app{n}"))).collect();
    let listed = |count: usize| (0..count).map(|n| format!("com.app{n}")).collect::<Vec<_>>().join(",");
    assert!(find(listed(4).as_bytes(), &apps).is_empty());
    assert_eq!(find(listed(6).as_bytes(), &apps)[0].kind, DataKind::AppList);
    assert!(find(b"com.app0.a,com.app1.a,com.app2.a,com.app3.a,com.app4.a,xcom.app5", &apps).is_empty());
}

#[test]
fn values_that_say_nothing_are_not_searched_for() {
    for (kind, value) in [
        (DataKind::DeviceId, "unknown"),
        (DataKind::DeviceId, "00000000"),
        (DataKind::DeviceId, "abc"),
        (DataKind::PhoneNumber, "110"),
        (DataKind::Account, "test"),
    ] {
        assert!(!Known::new(kind, "x", value).is_telling(), "{value}");
    }
}

#[test]
fn what_devices_print_is_read() {
    let text = "<settings version=\"1\">\n <setting id=\"1\" name=\"10123\" value=\"aaaabbbbccccdddd\" package=\"a.b\" />\
                <setting id=\"2\" name=\"10124\" value=\"1111bbbbccccdddd\" package=\"a.bc\" />";
    assert_eq!(own_ids(text, "a.b"), [Known::new(DataKind::DeviceId, "own-android-id", "aaaabbbbccccdddd")]);
    let adid = "<string name=\"adid_key\">38400000-8cf0-11bd-b23e-10b96e40000d</string>";
    assert_eq!(own_ids(adid, "a.b")[0].value, "38400000-8cf0-11bd-b23e-10b96e40000d");
    let location = "  last location=Location[gps 37.421998,-122.084000 hAcc=5.0 et=+1d]\n  Location[fused 91.0,1.0]";
    assert_eq!(places(location)[0].value, "37.421998,-122.084000");
    assert_eq!(numbers("Row: 0 number=+15555215554\nRow: 1 number=NULL"), ["15555215554", ""]);
    let people = people("Row: 0 display_name=Wei Zhang, data1=+1 202-555-0143");
    assert_eq!(people.iter().map(|p| p.value.as_str()).collect::<Vec<_>>(), ["12025550143", "Wei Zhang"]);
}
