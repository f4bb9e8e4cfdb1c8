use jiff::civil::{Date, date};

use super::*;

fn builtin_files() -> BTreeMap<String, String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/catalogue/");
    FILES.iter().map(|name| ((*name).to_owned(), std::fs::read_to_string(format!("{folder}{name}")).unwrap())).collect()
}

#[test]
fn the_embedded_catalogue_is_sound_and_whole() {
    let catalogue = Catalogue::builtin();
    assert_eq!(catalogue.categories().len(), 39);
    assert_eq!(catalogue.findings().len(), 74);
    assert_eq!(catalogue.instruments().len(), 29);
    assert_eq!(catalogue.deadlines().len(), 21);
    let numbers: Vec<u32> = catalogue.categories().iter().map(|category| category.number).collect();
    assert_eq!(numbers, (1..=39).collect::<Vec<_>>());
    assert!(catalogue.findings().iter().all(|finding| !finding.legal_basis.is_empty()));
}

#[test]
fn no_category_without_personal_information_justifies_a_permission() {
    let catalogue = Catalogue::builtin();
    let free: Vec<&Category> = catalogue.categories().iter().filter(|category| !category.needs_personal_info).collect();
    assert_eq!(free.len(), 13);
    for category in free {
        assert_eq!(category.necessary_info, [], "{}", category.id);
        assert_eq!(category.android_permissions_justified, [] as [String; 0], "{}", category.id);
    }
}

#[test]
fn location_is_needed_for_maps_and_not_for_shopping() {
    let catalogue = Catalogue::builtin();
    let location = "android.permission.ACCESS_FINE_LOCATION";
    assert!(catalogue.category("map-navigation").unwrap().needs_permission(location));
    assert!(!catalogue.category("online-shopping").unwrap().needs_permission(location));
    assert!(!catalogue.category("map-navigation").unwrap().needs_permission("android.permission.CAMERA"));
}

#[test]
fn a_finding_carries_the_regulators_words_in_both_languages() {
    let catalogue = Catalogue::builtin();
    let rule = catalogue.finding("no-account-deletion").unwrap();
    assert_eq!(rule.severity, Severity::Critical);
    assert!(rule.phrases_zh.iter().any(|phrase| phrase.contains("注销") || phrase.contains("删除")), "{rule:?}");
    assert_eq!(rule.phrases_zh.len(), rule.phrases_en.len());
    assert!(rule.title_zh.contains("注销"));
    let silent = catalogue.findings().iter().filter(|finding| finding.phrases_zh.is_empty()).count();
    assert_eq!(silent, 6);
}

#[test]
fn every_broken_id_is_named_at_once() {
    let mut files = builtin_files();
    let findings = files.get_mut("findings.yaml").unwrap();
    *findings = findings.replacen("- instrument: pipl-2021", "- instrument: pipl-1999", 1);
    let deadlines = files.get_mut("deadlines.yaml").unwrap();
    *deadlines = deadlines.replacen("- policy-too-deep", "- policy-too-steep", 1);
    let Err(CatalogueError::Broken(faults)) = Catalogue::parse(&files) else { panic!("must not load") };
    assert!(faults.iter().any(|fault| fault.contains("pipl-1999")), "{faults:?}");
    assert!(faults.iter().any(|fault| fault.contains("policy-too-steep")), "{faults:?}");
    assert_eq!(faults.len(), 2, "{faults:?}");
}

/// A change to one file, and the fault that has to be told of the line in which the words stand afterwards.
fn broken(file: &str, from: &str, to: &str, words: &str, fault: &str) {
    let mut files = builtin_files();
    let text = files.get_mut(file).unwrap();
    assert!(text.contains(from), "{from}");
    *text = text.replacen(from, to, 1);
    let line = 1 + text.lines().position(|line| line.contains(words)).unwrap();
    let faults = ids::faults(&files);
    assert!(faults.contains(&format!("{file}:{line}: {fault}")), "{fault}: {faults:?}");
}

#[test]
fn a_wrong_id_is_told_with_its_place() {
    assert_eq!(ids::faults(&builtin_files()), [] as [String; 0]);
    let policy = "no-policy-in-app";
    broken(ids::FINDINGS, "- instrument: pipl-2021", "- instrument: x1", "x1", &format!("{policy}: no instrument x1"));
    broken(ids::FINDINGS, "  - ui\n", "  - x2\n", "x2", &format!("{policy}: no need x2"));
    broken(
        ids::FINDINGS,
        "  seed_topic: rules",
        "  seed_topic: x3",
        "x3",
        &format!("{policy}: no topic x3-and-consent"),
    );
    broken(ids::FINDINGS, "- id: no-policy-in-app", "- id: x4", "x4", "x4: no Chinese title in titles-zh.yaml");
    broken(ids::TITLES, "no-policy-in-app:", "x5:", "x5", "title: no finding x5");
    broken(ids::PHRASES, "  - policy-too-deep", "  - x6", "x6", "h1-rules-not-public: no finding x6");
    broken(ids::PHRASES, "- hard-to-uninstall", "- x7", "x7", "without a phrase: no finding x7");
    let deadline = "deletion-manual-handling";
    broken(ids::DEADLINES, "  - deletion-not-done", "  - x8", "x8", &format!("{deadline}: no finding x8-in-time"));
    broken(
        ids::DEADLINES,
        "instrument: identif",
        "instrument: x9",
        "x9",
        &format!("{deadline}: no instrument x9ication-method-2019"),
    );
    let second = "category map-navigation stands twice";
    broken(ids::CATEGORIES, "  id: ride-hailing", "  id: map-navigation #", "map-navigation #", second);
}

#[test]
fn a_wrong_shape_is_told_with_its_place() {
    assert_eq!(shape::faults(&builtin_files()), [] as [String; 0]);
    for (file, from, to, fault) in [
        (
            ids::FINDINGS,
            "  severity: high",
            "  severity: hihg",
            "`severity` must be one of info, low, medium, high, critical, not `hihg`",
        ),
        (ids::FINDINGS, "  evidence: automatic", "  evidense: automatic", "unknown key `evidense`"),
        (ids::FINDINGS, "    value: 4", "    value: four", "`value` must be a number, not `four`"),
        (ids::CATEGORIES, "- number: 7\n", "- number: -7\n", "`number` must be a whole number, not `-7`"),
        (
            ids::CATEGORIES,
            "  needs_personal_info: true",
            "  needs_personal_info: yes",
            "`needs_personal_info` must be `true` or `false`, not `yes`",
        ),
        (ids::PHRASES, "  zh: ", "  zh: [] #", "`zh` must be text, not a list"),
        (
            ids::DEADLINES,
            "from: '2026-02-15'",
            "from: '2026-02-30'",
            "`from` must be a day as YYYY-MM-DD, not `2026-02-30`",
        ),
        (ids::DEADLINES, "from: '2026-02-15'", "from: '2025-02-15'", "`2025-02-15` is no day of `2026`"),
        (
            ids::DEADLINES,
            "  unit: working-day",
            "  unit: work-day",
            "`unit` must be one of second, hour, calendar-day, working-day, month, year, year-of-age, tap, fixed-date, not `work-day`",
        ),
        (ids::TITLES, "no-policy-in-app: ", "no-policy-in-app: ~ #", "`no-policy-in-app` must be text, not nothing"),
    ] {
        let mut files = builtin_files();
        let text = files.get_mut(file).unwrap();
        let at = text.find(from).unwrap_or_else(|| panic!("{from}"));
        let line = 1 + text[..at].matches('\n').count();
        *text = text.replacen(from, to, 1);
        let faults = shape::faults(&files);
        assert!(faults.contains(&format!("{file}:{line}: {fault}")), "{fault}: {faults:?}");
        assert!(matches!(Catalogue::parse(&files), Err(CatalogueError::Broken(_))), "{fault}");
    }
}

/// The build script can't ask the types themselves; so both are asked here, with one key after the other renamed.
#[test]
fn the_shape_asks_for_what_the_types_ask_for() {
    fn fits<T: DeserializeOwned>(name: &str, text: &str) -> bool {
        read::<T>(&BTreeMap::from([(name.to_owned(), text.to_owned())]), name).is_ok()
    }
    let files = builtin_files();
    let mut asked = 0;
    for name in FILES {
        let text = &files[name];
        let mut seen = std::collections::BTreeSet::new();
        for line in text.lines() {
            let key = line.trim_start_matches([' ', '-']).split_once(": ").map(|(key, _)| key);
            let Some(key) = key.filter(|key| !key.contains([' ', '\'', '"', '{'])).filter(|key| seen.insert(*key))
            else {
                continue;
            };
            if name == ids::TITLES && seen.len() > 3 {
                break;
            }
            let broken = text.replacen(&format!("{key}: "), &format!("x_{key}: "), 1);
            let typed = match name {
                ids::CATEGORIES => fits::<CategoriesFile>(name, &broken),
                ids::FINDINGS => fits::<FindingsFile>(name, &broken),
                ids::PHRASES => fits::<PhrasesFile>(name, &broken),
                ids::DEADLINES => fits::<DeadlinesFile>(name, &broken),
                _ => fits::<BTreeMap<String, String>>(name, &broken),
            };
            let mut others = files.clone();
            others.insert(name.to_owned(), broken);
            let shaped = shape::faults(&others);
            assert_eq!(typed, shaped.is_empty(), "{name}: {key}: {shaped:?}");
            asked += usize::from(!typed);
        }
    }
    assert!(asked > 30, "{asked} keys were missed when they were not there");
}

#[test]
fn an_unknown_key_or_a_missing_file_is_an_error_that_names_the_file() {
    let mut files = builtin_files();
    let findings = files.get_mut("findings.yaml").unwrap();
    *findings = findings.replacen("  severity: high", "  gravity: high", 1);
    let error = Catalogue::parse(&files).unwrap_err().to_string();
    assert!(error.contains("findings.yaml:") && error.contains("gravity"), "{error}");
    files.remove("findings.yaml");
    assert_eq!(Catalogue::parse(&files), Err(CatalogueError::MissingFile("findings.yaml".to_owned())));
}

#[test]
fn the_digest_changes_with_every_file() {
    let unchanged = Catalogue::builtin().digest().to_owned();
    assert_eq!(unchanged.len(), 64);
    for name in FILES {
        let mut files = builtin_files();
        files.get_mut(name).unwrap().push_str("# a remark\n");
        assert_ne!(Catalogue::parse(&files).unwrap().digest(), unchanged, "{name}");
    }
}

#[derive(serde::Deserialize)]
struct Examples {
    working_days: ExamplesInside,
}

#[derive(serde::Deserialize)]
struct ExamplesInside {
    worked_examples: Vec<Example>,
}

#[derive(serde::Deserialize)]
struct Example {
    event: String,
    limit_working_days: u32,
    due: String,
    calendar_days: i32,
}

#[test]
fn working_days_follow_the_worked_examples() {
    let catalogue = Catalogue::builtin();
    let examples: Examples = serde_yaml::from_str(include_str!("deadlines.yaml")).unwrap();
    let examples = examples.working_days.worked_examples;
    assert_eq!(examples.len(), 6);
    for example in examples {
        let (event, due): (Date, Date) = (example.event.parse().unwrap(), example.due.parse().unwrap());
        assert_eq!(catalogue.calendar().after_working_days(event, example.limit_working_days), Ok(due));
        assert_eq!(catalogue.calendar().working_days_between(event, due), Ok(example.limit_working_days));
        assert_eq!((due - event).get_days(), example.calendar_days);
    }
}

#[test]
fn swapped_weekends_count_as_the_arrangement_says() {
    let catalogue = Catalogue::builtin();
    let calendar = catalogue.calendar();
    assert_eq!(calendar.is_working_day(date(2026, 1, 4)), Ok(true), "a Sunday worked for the new year's days off");
    assert_eq!(calendar.is_working_day(date(2026, 2, 17)), Ok(false), "a Tuesday of the spring festival");
    assert_eq!(calendar.is_working_day(date(2026, 3, 7)), Ok(false), "a plain Saturday");
    assert_eq!(calendar.is_working_day(date(2026, 3, 9)), Ok(true), "a plain Monday");
}

#[test]
fn a_year_without_data_is_said_and_not_guessed() {
    let catalogue = Catalogue::builtin();
    let late = date(2026, 12, 20);
    assert_eq!(catalogue.calendar().after_working_days(late, 15), Err(CatalogueError::NoCalendar(2027)));
    assert_eq!(catalogue.calendar().after_working_days(late, 9), Ok(date(2026, 12, 31)));
    assert_eq!(catalogue.calendar().is_working_day(date(2025, 6, 2)), Err(CatalogueError::NoCalendar(2025)));
}

#[test]
fn a_limit_in_calendar_days_that_ends_on_a_day_off_moves_on() {
    let catalogue = Catalogue::builtin();
    let deadline = catalogue.deadline("complaint-answer-order24").unwrap();
    let due = |event| deadline.due(event, catalogue.calendar());
    assert_eq!(due(date(2026, 3, 2)), Ok(Some(date(2026, 3, 17))));
    // Fifteen days after 17 September is 2 October; the national day's days off end on the 7th.
    assert_eq!(due(date(2026, 9, 17)), Ok(Some(date(2026, 10, 8))));
    let taps = catalogue.deadline("policy-access-depth").unwrap();
    assert_eq!(taps.due(date(2026, 3, 2), catalogue.calendar()), Ok(None));
}

#[test]
fn the_day_is_taken_in_china() {
    // 2026-03-01T16:00:00Z is midnight in Shanghai.
    assert_eq!(working_days::day_in_china(1_772_380_800_000), Ok(date(2026, 3, 2)));
    assert_eq!(working_days::day_in_china(1_772_380_799_999), Ok(date(2026, 3, 1)));
}
