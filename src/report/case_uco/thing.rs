//! Who and what took part: the package and its files, program, operator, device, app.

use std::io::{self, Write};

use super::graph::Graph;
use super::node::Node;
use super::{Package, in_package};
use crate::evidence::{Kept, Trust};
use crate::journal::EXHIBITS;
use crate::journal::entry::{AppFacts, AppFile, DeviceIdentity, Event};

pub(super) fn write(package: &Package, graph: &mut Graph<impl Write>) -> io::Result<()> {
    graph.add(tool(package))?;
    if let Some(name) = &package.opened.verified.operator {
        graph.add(person(package, name))?;
    }
    device(package, graph)?;
    app(package, graph)?;
    for file in &package.opened.files {
        graph.add(kept(package, file))?;
        if let Some(digest) = exhibit(file) {
            graph.add(provenance(package, file, digest))?;
        }
    }
    sealed(package, graph)?;
    copied(package, graph)
}

/// A person, by name alone: whether it is one or an office is not known.
pub(super) fn person<'i>(package: &'i Package, name: &str) -> Node<'i> {
    Node::new(&package.ids, &format!("person {name}"), &["uco-identity:Identity"]).text("uco-core:name", name)
}

fn tool<'i>(package: &'i Package) -> Node<'i> {
    let digest = package.case.and_then(|case| case.program_digest.as_deref());
    let tool = Node::new(&package.ids, "tool", &["uco-tool:Tool"])
        .text("uco-core:name", "AppWitness")
        .text("uco-tool:version", package.case.map_or("", |case| &case.program));
    match digest {
        Some(digest) => tool.facet("uco-observable:ContentDataFacet", |facet| facet.sha256(Some(digest))),
        None => tool,
    }
}

fn device(package: &Package, graph: &mut Graph<impl Write>) -> io::Result<()> {
    let found = package.opened.entries.iter().find_map(|entry| match &entry.event {
        Event::Device(device) => Some(&**device),
        _ => None,
    });
    // A record may end before a device was leased; the run still names one.
    let unknown = DeviceIdentity::default();
    let device = found.unwrap_or(&unknown);
    let maker = (!device.manufacturer.trim().is_empty()).then(|| package.ids.name("manufacturer"));
    if maker.is_some() {
        graph.add(
            Node::new(&package.ids, "manufacturer", &["uco-identity:Organization"])
                .text("uco-core:name", &device.manufacturer),
        )?;
    }
    let level = if device.api > 0 { format!("API level {}", device.api) } else { String::new() };
    graph.add(
        Node::new(&package.ids, "operating system", &["uco-observable:OperatingSystem", "uco-observable:Software"])
            .text("uco-core:name", "Android")
            .facet("uco-observable:OperatingSystemFacet", |facet| facet)
            .facet("uco-observable:SoftwareFacet", |facet| facet.text("uco-observable:version", &level)),
    )?;
    let screen = format!("screen {} × {}, {} dpi", device.width, device.height, device.density);
    let known = [("locale", &device.locale), ("skin", &device.skin)];
    let known = known.iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| format!("{name} {value}"));
    let told =
        known.chain((device.width > 0).then_some(screen)).chain((device.rooted).then(|| "shell as root".to_owned()));
    graph.add(
        Node::new(&package.ids, "device", &["uco-observable:Device"])
            .text(
                "uco-core:name",
                if found.is_some() { &device.model } else { "a device that the record does not tell of" },
            )
            .texts("uco-core:description", told)
            .facet("uco-observable:DeviceFacet", |facet| {
                facet
                    .link("uco-observable:manufacturer", maker)
                    .text("uco-observable:deviceType", found.map_or("", device_type))
                    .text("uco-observable:model", &device.model)
                    .text("uco-observable:serialNumber", &device.serial)
            })
            .facet("uco-observable:AndroidDeviceFacet", |facet| {
                facet.text("uco-observable:androidFingerprint", &device.fingerprint)
            }),
    )
}

fn device_type(device: &DeviceIdentity) -> &'static str {
    match (device.virtual_device, device.emulator) {
        (true, _) => "AppWitness's virtual device, a model of Android",
        (false, true) => "Android emulator",
        (false, false) => "Android device",
    }
}

fn app(package: &Package, graph: &mut Graph<impl Write>) -> io::Result<()> {
    let unknown = AppFacts::default();
    let app = package.case.map_or(&unknown, |case| &case.app);
    for (at, file) in app.files.iter().enumerate() {
        graph.add(app_file(package, at, file))?;
    }
    let code = format!("version code {}", app.version_code);
    let certificates = app.certificates.iter().map(|digest| format!("signed with the certificate SHA-256 {digest}"));
    graph.add(
        Node::new(&package.ids, "app", &["uco-observable:Application"])
            .text("uco-core:name", if app.label.trim().is_empty() { &app.package } else { &app.label })
            .texts("uco-core:description", std::iter::once(code).chain(certificates))
            .facet("uco-observable:ApplicationFacet", |facet| {
                facet
                    .text("uco-observable:applicationIdentifier", &app.package)
                    .text("uco-observable:version", &app.version_name)
                    .link("uco-observable:operatingSystem", package.ids.name("operating system"))
            }),
    )
}

/// A file that the app was installed from. It is not in the package.
fn app_file<'i>(package: &'i Package, at: usize, file: &AppFile) -> Node<'i> {
    Node::new(&package.ids, &app_file_name(at), &["uco-observable:File"])
        .text("uco-core:description", "file of the app; not in the package")
        .facet("uco-observable:FileFacet", |facet| {
            facet.text("uco-observable:fileName", &file.name).number("uco-observable:sizeInBytes", file.bytes)
        })
        .facet("uco-observable:ContentDataFacet", |facet| {
            facet.number("uco-observable:sizeInBytes", file.bytes).sha256(Some(&file.sha256))
        })
}

/// The nodes of the files that the app was installed from.
pub(super) fn app_files<'i>(package: &'i Package) -> impl Iterator<Item = String> + use<'i> {
    let count = package.case.map_or(0, |case| case.app.files.len());
    (0..count).map(|at| package.ids.name(&app_file_name(at)))
}

fn app_file_name(at: usize) -> String {
    format!("app file {at}")
}

/// A file of the package.
fn kept<'i>(package: &'i Package, file: &Kept) -> Node<'i> {
    let name = file.path.rsplit('/').next().unwrap_or_default();
    Node::new(&package.ids, &format!("file {}", file.path), &["uco-observable:File"])
        .facet("uco-observable:FileFacet", |facet| {
            facet
                .text("uco-observable:fileName", name)
                .text("uco-observable:filePath", &file.path)
                .number("uco-observable:sizeInBytes", file.bytes)
        })
        .facet("uco-observable:ContentDataFacet", |facet| {
            facet
                .text("uco-observable:mimeType", package.media.get(&file.path).copied().unwrap_or_default())
                .number("uco-observable:sizeInBytes", file.bytes)
                .sha256(Some(&file.sha256))
        })
}

/// The digest by which a file of the package is an exhibit.
fn exhibit(file: &Kept) -> Option<&str> {
    file.path.starts_with(&in_package(&format!("{EXHIBITS}/"))).then_some(file.sha256.as_str())
}

/// Where an exhibit stands in the chain of custody: it is numbered by its digest, and its root is the package.
fn provenance<'i>(package: &'i Package, file: &Kept, digest: &str) -> Node<'i> {
    Node::new(&package.ids, &format!("exhibit {digest}"), &["case-investigation:ProvenanceRecord"])
        .text("case-investigation:exhibitNumber", digest)
        .text("case-investigation:rootExhibitNumber", &package.opened.verified.digest)
        .links("uco-core:object", package.file(&file.path))
}

/// The package as a whole.
fn sealed(package: &Package, graph: &mut Graph<impl Write>) -> io::Result<()> {
    let verified = &package.opened.verified;
    graph.add(
        Node::new(&package.ids, "seal", &["uco-observable:File"])
            .text("uco-core:description", "lists the digests of the lists of digests: its own digest is the package's")
            .facet("uco-observable:FileFacet", |facet| {
                facet.text("uco-observable:fileName", TAG_MANIFEST).text("uco-observable:filePath", TAG_MANIFEST)
            })
            .facet("uco-observable:ContentDataFacet", |facet| facet.sha256(Some(&verified.digest))),
    )?;
    let signed = match &verified.signed_by {
        Some(key) => format!("signed with the key {key}"),
        None => "unsigned: it is whole, and anybody can have made it".to_owned(),
    };
    let stamped = verified.stamp.as_ref().map(|(stamp, by)| {
        let trust = match stamp.trust {
            Trust::Checked => "its signature leads to the root certificate that was given",
            Trust::Unchecked => "it is about this package; its signature was not followed",
        };
        format!("time stamp of {by}: {}; {trust}", stamp.at)
    });
    let files = package.opened.files.iter().filter_map(|file| package.file(&file.path));
    graph.add(
        Node::new(&package.ids, "package", &["case-investigation:ProvenanceRecord"])
            .text("uco-core:name", &format!("Evidence package of {}", verified.identifier))
            .texts(
                "uco-core:description",
                std::iter::once(signed).chain(stamped).chain(verified.remarks.iter().cloned()),
            )
            .text("case-investigation:exhibitNumber", &verified.digest)
            .links("uco-core:object", std::iter::once(package.ids.name("seal")).chain(files)),
    )
}

const TAG_MANIFEST: &str = "tagmanifest-sha256.txt";

/// A redacted copy tells of which package it is one.
fn copied(package: &Package, graph: &mut Graph<impl Write>) -> io::Result<()> {
    let Some(digest) = &package.opened.verified.redacted_from else { return Ok(()) };
    graph.add(
        Node::new(&package.ids, "original", &["case-investigation:ProvenanceRecord"])
            .text("uco-core:name", "The package that was copied; it is not at hand here")
            .text("case-investigation:exhibitNumber", digest),
    )?;
    graph.add(
        Node::new(&package.ids, "copied", &["uco-core:Relationship"])
            .text(
                "uco-core:description",
                "a redacted copy: pictures, places or texts were taken out, as redaction.json tells",
            )
            .text("uco-core:kindOfRelationship", "Redacted_From")
            .link("uco-core:source", package.ids.name("package"))
            .link("uco-core:target", package.ids.name("original"))
            .truth("uco-core:isDirectional", true),
    )
}
