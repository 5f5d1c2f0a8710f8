//! The header of a dataset file.
//!
#![doc = include_str!("../../../docs/formats/dataset.md")]

use crate::error::FileProblem;
use crate::info::{
    Column, Element, Info, Kind, MAX_CATEGORIES, MAX_CATEGORIES_BYTES, MAX_CATEGORY_BYTES,
    MAX_COLUMNS,
};

/// Bytes of the header before the column directory.
pub(crate) const FIXED_BYTES: usize = 40;
/// Longest header that is read: all columns with names as long as can be, and all categories that
/// there may be, each with one byte at least.
pub(crate) const MAX_HEADER_BYTES: usize =
    FIXED_BYTES + MAX_COLUMNS * (ENTRY_BYTES + 1024) + 3 * MAX_CATEGORIES_BYTES + 4;

const MAGIC: &[u8; 8] = b"HANAMIDS";
const VERSION: u32 = 2;
/// Version without categories, still read.
const WITHOUT_CATEGORIES: u32 = 1;
/// Bytes of a directory entry without the name.
const ENTRY_BYTES: usize = 24;
/// Bytes before each category that hold its length.
const LENGTH_BYTES: usize = 2;
const CHECKSUM_BYTES: usize = 4;
const ALIGNMENT: u64 = 64;
/// Bits of the word for the element that say what it is; the others hold the width of images.
const ELEMENT_BITS: u32 = 8;
const ELEMENT_MASK: u32 = (1 << ELEMENT_BITS) - 1;

/// Gives every column its place in the file; the result is the length of the file, or `None` if it
/// were longer than any file.
pub(crate) fn place(info: &mut Info) -> Option<u64> {
    let mut end = header_bytes(&info.columns) as u64;
    for column in &mut info.columns {
        column.offset = end.checked_next_multiple_of(ALIGNMENT)?;
        end = column.element.bytes().checked_mul(info.rows)?.checked_add(column.offset)?;
    }
    Some(end)
}

fn header_bytes(columns: &[Column]) -> usize {
    let names: usize = columns.iter().map(|column| column.name.len()).sum();
    let categories = columns.iter().flat_map(|column| &column.categories);
    let categories: usize = categories.map(|category| LENGTH_BYTES + category.len()).sum();
    FIXED_BYTES + columns.len() * ENTRY_BYTES + names + categories + CHECKSUM_BYTES
}

/// The header of a file of `length` bytes.
pub(crate) fn encode(info: &Info, length: u64) -> Vec<u8> {
    let header_bytes = header_bytes(&info.columns);
    let mut bytes = Vec::with_capacity(header_bytes);
    bytes.extend(MAGIC);
    bytes.extend(VERSION.to_le_bytes());
    bytes.extend((header_bytes as u32).to_le_bytes());
    bytes.extend(kind_code(info.kind).to_le_bytes());
    bytes.extend((info.columns.len() as u32).to_le_bytes());
    bytes.extend(info.rows.to_le_bytes());
    bytes.extend(length.to_le_bytes());
    for column in &info.columns {
        let (element, count) = element_code(column.element);
        bytes.extend(column.offset.to_le_bytes());
        bytes.extend(column.crc.to_le_bytes());
        bytes.extend(element.to_le_bytes());
        bytes.extend(count.to_le_bytes());
        bytes.extend((column.name.len() as u32).to_le_bytes());
        bytes.extend(column.name.as_bytes());
        for category in &column.categories {
            bytes.extend((category.len() as u16).to_le_bytes());
            bytes.extend(category.as_bytes());
        }
    }
    bytes.extend(crc32fast::hash(&bytes).to_le_bytes());
    bytes
}

fn kind_code(kind: Kind) -> u32 {
    match kind {
        Kind::Mnist => 0,
        Kind::Csv => 1,
    }
}

fn element_code(element: Element) -> (u32, u32) {
    match element {
        Element::Pixels { count, width } => (width << ELEMENT_BITS, count),
        Element::Class { count } => (1, count),
        Element::Number => (2, 1),
        Element::Category { count } => (3, count),
    }
}

/// What is wrong with a header, and at which byte.
pub(crate) type Invalid = (u64, FileProblem);

/// The length of the header, from its first [`FIXED_BYTES`].
pub(crate) fn header_length(fixed: &[u8; FIXED_BYTES]) -> Result<usize, Invalid> {
    let mut fields = Fields { bytes: fixed, at: 0 };
    if &fields.take()? != MAGIC {
        return Err((0, FileProblem::Magic));
    }
    let version = fields.u32()?;
    if ![VERSION, WITHOUT_CATEGORIES].contains(&version) {
        return Err((8, FileProblem::Version(version)));
    }
    let length = fields.u32()? as usize;
    if !(FIXED_BYTES + CHECKSUM_BYTES..=MAX_HEADER_BYTES).contains(&length) {
        return Err((12, FileProblem::Header("impossible length")));
    }
    Ok(length)
}

/// Reads a whole header; the result has the length of the file with it.
pub(crate) fn decode(header: &[u8]) -> Result<(Info, u64), Invalid> {
    let Some((content, checksum)) = header.split_last_chunk::<CHECKSUM_BYTES>() else {
        return Err((0, FileProblem::TruncatedHeader));
    };
    if crc32fast::hash(content) != u32::from_le_bytes(*checksum) {
        return Err((content.len() as u64, FileProblem::HeaderChecksum));
    }
    let mut fields = Fields { bytes: content, at: 16 };
    let kind = match fields.u32()? {
        0 => Kind::Mnist,
        1 => Kind::Csv,
        _ => return Err((16, FileProblem::Header("unknown kind"))),
    };
    let columns = fields.u32()? as usize;
    let rows = fields.u64()?;
    let length = fields.u64()?;
    if !(1..=MAX_COLUMNS).contains(&columns) || rows == 0 {
        return Err((20, FileProblem::Header("impossible size")));
    }
    let columns = (0..columns).map(|_| fields.column()).collect::<Result<Vec<_>, _>>()?;
    if fields.at != content.len() {
        return Err((fields.at as u64, FileProblem::Header("more than its columns")));
    }
    let info = Info { kind, rows, columns };
    check(&info, length)?;
    Ok((info, length))
}

/// Everything but the checksums follows from the names, the elements and the number of rows.
fn check(info: &Info, length: u64) -> Result<(), Invalid> {
    let mut placed = info.clone();
    if place(&mut placed) != Some(length) || placed != *info {
        return Err((FIXED_BYTES as u64, FileProblem::Header("impossible place of a column")));
    }
    let fits = match info.kind {
        Kind::Mnist => info.images().is_some(),
        Kind::Csv => info
            .columns
            .iter()
            .all(|column| matches!(column.element, Element::Number | Element::Category { .. })),
    };
    if fits { Ok(()) } else { Err((16, FileProblem::Header("columns that do not fit the kind"))) }
}

/// Reads one field after the other.
struct Fields<'h> {
    bytes: &'h [u8],
    at: usize,
}

impl<'h> Fields<'h> {
    fn slice(&mut self, length: usize) -> Result<&'h [u8], Invalid> {
        let end = self.at.saturating_add(length);
        let slice = self.bytes.get(self.at..end);
        let slice = slice.ok_or((self.at as u64, FileProblem::TruncatedHeader))?;
        self.at = end;
        Ok(slice)
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N], Invalid> {
        let mut bytes = [0; N];
        bytes.copy_from_slice(self.slice(N)?);
        Ok(bytes)
    }

    fn u32(&mut self) -> Result<u32, Invalid> {
        Ok(u32::from_le_bytes(self.take()?))
    }

    fn u64(&mut self) -> Result<u64, Invalid> {
        Ok(u64::from_le_bytes(self.take()?))
    }

    fn column(&mut self) -> Result<Column, Invalid> {
        let offset = self.u64()?;
        let crc = self.u32()?;
        let at = self.at as u64;
        let code = self.u32()?;
        let (code, width) = (code & ELEMENT_MASK, code >> ELEMENT_BITS);
        let element = match (code, width, self.u32()?) {
            (0, width, count) if count > 0 && (width == 0 || count.is_multiple_of(width)) => {
                Element::Pixels { count, width }
            }
            (1, 0, count @ 1..=256) => Element::Class { count },
            (2, 0, 1) => Element::Number,
            (3, 0, count) if (1..=MAX_CATEGORIES as u32).contains(&count) => {
                Element::Category { count }
            }
            _ => return Err((at, FileProblem::Header("unknown element"))),
        };
        let name_bytes = self.u32()? as usize;
        let name = self.text(name_bytes)?;
        let categories = match element {
            Element::Category { count } => self.categories(count)?,
            _ => Vec::new(),
        };
        Ok(Column { name, element, categories, offset, crc })
    }

    /// Categories, each once and in the order of their bytes.
    fn categories(&mut self, count: u32) -> Result<Vec<String>, Invalid> {
        let mut categories: Vec<String> = Vec::new();
        for _ in 0..count {
            let at = self.at as u64;
            let bytes = usize::from(u16::from_le_bytes(self.take()?));
            let category = self.text(bytes)?;
            let ordered = categories.last().is_none_or(|last| *last < category);
            if !ordered || !(1..=MAX_CATEGORY_BYTES).contains(&bytes) {
                return Err((at, FileProblem::Header("an impossible category")));
            }
            categories.push(category);
        }
        Ok(categories)
    }

    fn text(&mut self, bytes: usize) -> Result<String, Invalid> {
        let at = self.at as u64;
        String::from_utf8(self.slice(bytes)?.to_vec())
            .map_err(|_| (at, FileProblem::Header("a text that is not UTF-8")))
    }
}
