//! The part of the XLSX format (ECMA-376, Office Open XML) that tables of text need: cells of text and numbers, links,
//! a frozen head, a filter. No cell is ever a formula, whatever its text begins with.

use std::io::{self, Cursor, Seek, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::cell::escaped;

/// Most rows of a sheet, its head among them: the format's own bound.
pub const MOST_ROWS: usize = 1 << 20;
/// Most links of a sheet: a bound of the programs that open it.
const MOST_LINKS: usize = 65_000;

/// A cell.
pub enum Cell {
    /// Text, shown as it is.
    Text(String),
    /// A number.
    Number(f64),
    /// Text that leads to a file beside the workbook: the text, and the relative path as a URI.
    Link(String, String),
    /// Nothing.
    Empty,
}

/// A column: its head and its width in characters.
pub type Column = (&'static str, u32);

/// A workbook in the making. Its bytes follow from what is put into it.
pub struct Book {
    zip: ZipWriter<Cursor<Vec<u8>>>,
    names: Vec<&'static str>,
}

/// A sheet in the making.
pub struct Sheet<'b> {
    book: &'b mut Book,
    columns: Vec<Column>,
    rows: usize,
    /// Cell and target.
    links: Vec<(String, String)>,
}

fn options() -> SimpleFileOptions {
    SimpleFileOptions::default().compression_method(CompressionMethod::Deflated)
}

fn part<W: Write + Seek>(zip: &mut ZipWriter<W>, name: &str, text: &str) -> io::Result<()> {
    zip.start_file(name, options())?;
    zip.write_all(text.as_bytes())
}

impl Book {
    /// An empty workbook.
    pub fn new() -> Self {
        Self { zip: ZipWriter::new(Cursor::new(Vec::new())), names: Vec::new() }
    }

    /// Begins a sheet; [`Sheet::end`] has to be called before the next.
    pub fn sheet(&mut self, name: &'static str, columns: &[Column]) -> io::Result<Sheet<'_>> {
        self.names.push(name);
        self.zip.start_file(format!("xl/worksheets/sheet{}.xml", self.names.len()), options())?;
        let mut head = format!(
            "{DECLARATION}<worksheet xmlns=\"{MAIN}\" xmlns:r=\"{RELATIONS}\"><sheetViews><sheetView workbookViewId=\"0\"><pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews><cols>"
        );
        for (at, (_, width)) in columns.iter().enumerate() {
            head += &format!("<col min=\"{0}\" max=\"{0}\" width=\"{width}\" customWidth=\"1\"/>", at + 1);
        }
        head += "</cols><sheetData>";
        self.zip.write_all(head.as_bytes())?;
        let mut sheet = Sheet { book: self, columns: columns.to_vec(), rows: 0, links: Vec::new() };
        let titles: Vec<Cell> = columns.iter().map(|(title, _)| Cell::Text((*title).to_owned())).collect();
        sheet.write(&titles, HEAD)?;
        Ok(sheet)
    }

    /// The workbook's bytes.
    pub fn finish(mut self) -> io::Result<Vec<u8>> {
        let mut sheets = String::new();
        let mut relations = format!("<Relationship Id=\"styles\" Type=\"{RELATIONS}/styles\" Target=\"styles.xml\"/>");
        let mut types = String::new();
        for (at, name) in self.names.iter().enumerate() {
            let n = at + 1;
            sheets += &format!("<sheet name=\"{}\" sheetId=\"{n}\" r:id=\"s{n}\"/>", escaped(name));
            relations += &format!(
                "<Relationship Id=\"s{n}\" Type=\"{RELATIONS}/worksheet\" Target=\"worksheets/sheet{n}.xml\"/>"
            );
            types +=
                &format!("<Override PartName=\"/xl/worksheets/sheet{n}.xml\" ContentType=\"{SHEET}.worksheet+xml\"/>");
        }
        let workbook = format!(
            "{DECLARATION}<workbook xmlns=\"{MAIN}\" xmlns:r=\"{RELATIONS}\"><sheets>{sheets}</sheets></workbook>"
        );
        let relations = format!("{DECLARATION}<Relationships xmlns=\"{PACKAGE}\">{relations}</Relationships>");
        let types = format!(
            "{DECLARATION}<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"{SHEET}.sheet.main+xml\"/><Override PartName=\"/xl/styles.xml\" ContentType=\"{SHEET}.styles+xml\"/>{types}</Types>"
        );
        let root = format!(
            "{DECLARATION}<Relationships xmlns=\"{PACKAGE}\"><Relationship Id=\"book\" Type=\"{RELATIONS}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
        );
        part(&mut self.zip, "xl/workbook.xml", &workbook)?;
        part(&mut self.zip, "xl/_rels/workbook.xml.rels", &relations)?;
        part(&mut self.zip, "xl/styles.xml", &styles())?;
        part(&mut self.zip, "[Content_Types].xml", &types)?;
        part(&mut self.zip, "_rels/.rels", &root)?;
        Ok(self.zip.finish()?.into_inner())
    }
}

impl Sheet<'_> {
    /// Adds a row; false when the sheet is full: it then ends with a row that says so.
    pub fn row(&mut self, cells: &[Cell]) -> io::Result<bool> {
        if self.rows + 1 < MOST_ROWS {
            self.write(cells, BODY)?;
            return Ok(true);
        }
        if self.rows < MOST_ROWS {
            self.write(&[Cell::Text("… the rest does not fit into a sheet; summary.json has all".to_owned())], HEAD)?;
        }
        Ok(false)
    }

    fn write(&mut self, cells: &[Cell], style: u32) -> io::Result<()> {
        self.rows += 1;
        let row = self.rows;
        let mut text = format!("<row r=\"{row}\">");
        for (at, cell) in cells.iter().enumerate() {
            let place = format!("{}{row}", letters(at));
            match cell {
                Cell::Empty => {}
                Cell::Number(number) => text += &format!("<c r=\"{place}\" s=\"{PLAIN}\"><v>{number}</v></c>"),
                Cell::Text(words) => text += &inline(&place, style, words),
                Cell::Link(words, target) if self.links.len() < MOST_LINKS => {
                    text += &inline(&place, LINK, words);
                    self.links.push((place, target.clone()));
                }
                Cell::Link(words, _) => text += &inline(&place, style, words),
            }
        }
        text += "</row>";
        self.book.zip.write_all(text.as_bytes())
    }

    /// Ends the sheet.
    pub fn end(self) -> io::Result<()> {
        let last = letters(self.columns.len().saturating_sub(1));
        let mut tail = format!("</sheetData><autoFilter ref=\"A1:{last}{}\"/>", self.rows.max(1));
        if !self.links.is_empty() {
            tail += "<hyperlinks>";
            for (at, (place, _)) in self.links.iter().enumerate() {
                tail += &format!("<hyperlink ref=\"{place}\" r:id=\"l{at}\"/>");
            }
            tail += "</hyperlinks>";
        }
        tail += "</worksheet>";
        let zip = &mut self.book.zip;
        zip.write_all(tail.as_bytes())?;
        if self.links.is_empty() {
            return Ok(());
        }
        zip.start_file(format!("xl/worksheets/_rels/sheet{}.xml.rels", self.book.names.len()), options())?;
        zip.write_all(format!("{DECLARATION}<Relationships xmlns=\"{PACKAGE}\">").as_bytes())?;
        for (at, (_, target)) in self.links.iter().enumerate() {
            let target = escaped(target);
            zip.write_all(format!("<Relationship Id=\"l{at}\" Type=\"{RELATIONS}/hyperlink\" Target=\"{target}\" TargetMode=\"External\"/>").as_bytes())?;
        }
        zip.write_all(b"</Relationships>")
    }
}

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const SHEET: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml";

/// Places of the styles in `styles.xml`.
const PLAIN: u32 = 0;
const HEAD: u32 = 1;
const BODY: u32 = 2;
const LINK: u32 = 3;

/// Fonts, fills and the four styles. `quotePrefix` keeps a cell text even when a person edits it.
fn styles() -> String {
    format!(
        "{DECLARATION}<styleSheet xmlns=\"{MAIN}\"><fonts count=\"3\"><font><sz val=\"11\"/><name val=\"Calibri\"/></font><font><b/><sz val=\"11\"/><name val=\"Calibri\"/></font><font><u/><sz val=\"11\"/><color rgb=\"FF1A4F8B\"/><name val=\"Calibri\"/></font></fonts><fills count=\"3\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill><fill><patternFill patternType=\"solid\"><fgColor rgb=\"FFEBE7DD\"/><bgColor indexed=\"64\"/></patternFill></fill></fills><borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs><cellXfs count=\"4\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyAlignment=\"1\"><alignment vertical=\"top\"/></xf><xf numFmtId=\"0\" fontId=\"1\" fillId=\"2\" borderId=\"0\" xfId=\"0\" applyFont=\"1\" applyFill=\"1\" applyAlignment=\"1\"><alignment vertical=\"top\" wrapText=\"1\"/></xf><xf numFmtId=\"49\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" quotePrefix=\"1\" applyNumberFormat=\"1\" applyAlignment=\"1\"><alignment vertical=\"top\" wrapText=\"1\"/></xf><xf numFmtId=\"49\" fontId=\"2\" fillId=\"0\" borderId=\"0\" xfId=\"0\" quotePrefix=\"1\" applyNumberFormat=\"1\" applyFont=\"1\" applyAlignment=\"1\"><alignment vertical=\"top\"/></xf></cellXfs></styleSheet>"
    )
}

fn inline(place: &str, style: u32, words: &str) -> String {
    format!(
        "<c r=\"{place}\" s=\"{style}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{}</t></is></c>",
        escaped(words)
    )
}

/// Name of a column: `A`, `B` … `Z`, `AA`.
fn letters(at: usize) -> String {
    let last = char::from(b'A' + (at % 26) as u8);
    if at < 26 { last.to_string() } else { format!("{}{last}", letters(at / 26 - 1)) }
}

#[cfg(test)]
mod tests {
    use super::letters;

    #[test]
    fn columns_have_the_formats_names() {
        assert_eq!([0, 25, 26, 51, 52, 701, 702].map(letters), ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
    }
}
