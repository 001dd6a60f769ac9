//! Regions of images that are blacked out by rule.

use formats::dicom::{DataSet, DicomFile, Value};
use serde::{Deserialize, Serialize};

use super::{first, tags};
use crate::transform::DeidError;

/// Which regions of which images are blacked out: the first rule that matches an image counts.
///
/// It reads and writes as TOML:
///
/// ```toml
/// [[rule]]
/// modality = "US"
/// manufacturer = "Acme"     # any part of the name, in any case
/// rows = 600
/// columns = 800
/// regions = [{ left = 0, top = 0, width = 800, height = 60 }]
/// ```
///
/// A rule without regions says that such images are known to show nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegionRules {
    /// The rules, in the order in which they are tried.
    #[serde(default, rename = "rule")]
    pub rules: Vec<RegionRule>,
}

/// A kind of image, and the regions that are blacked out in it. What is not named matches all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegionRule {
    /// Modality (0008,0060).
    pub modality: Option<String>,
    /// A part of Manufacturer (0008,0070), in any case.
    pub manufacturer: Option<String>,
    /// A part of Manufacturer's Model Name (0008,1090), in any case.
    pub model: Option<String>,
    /// Rows (0028,0010).
    pub rows: Option<u16>,
    /// Columns (0028,0011).
    pub columns: Option<u16>,
    /// The rectangles.
    #[serde(default)]
    pub regions: Vec<Region>,
}

/// A rectangle in pixels, from the upper left corner; what lies outside the image is ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Region {
    /// Columns to its left.
    pub left: u32,
    /// Rows above it.
    pub top: u32,
    /// Its columns.
    pub width: u32,
    /// Its rows.
    pub height: u32,
}

impl RegionRules {
    /// Blacks out the regions of the first rule that matches; says how many rectangles, counted
    /// for every frame, or nothing if no rule matches or there are no pixels.
    pub(super) fn apply(&self, file: &mut DicomFile<'_>) -> Result<Option<u64>, DeidError> {
        if file.data.find(tags::PIXEL_DATA).is_none() {
            return Ok(None);
        }
        let big = file.syntax.is_big_endian();
        let Some(rule) = self.rules.iter().find(|rule| rule.matches(&file.data, big)) else {
            return Ok(None);
        };
        if rule.regions.is_empty() {
            return Ok(Some(0));
        }
        if file.syntax.is_encapsulated() {
            return Err(refused("its pixels are compressed"));
        }
        if big {
            return Err(refused("its pixels are big endian"));
        }
        let raster = Raster::of(&file.data).map_err(refused)?;
        let pixels = file
            .data
            .elements
            .iter_mut()
            .find(|element| element.tag == tags::PIXEL_DATA);
        let Some(Value::Bytes(bytes)) = pixels.map(|element| &mut element.value) else {
            return Err(refused("its pixels are compressed"));
        };
        raster
            .black_out(bytes.to_mut(), &rule.regions)
            .map_err(refused)
            .map(Some)
    }
}

const fn refused(why: &'static str) -> DeidError {
    DeidError::Blackout { why }
}

impl RegionRule {
    fn matches(&self, data: &DataSet<'_>, big: bool) -> bool {
        let text = |tag| first(data, tag).unwrap_or_default().to_lowercase();
        let part = |wanted: &Option<String>, tag| {
            wanted
                .as_ref()
                .is_none_or(|wanted| text(tag).contains(&wanted.to_lowercase()))
        };
        let number = |wanted: Option<u16>, tag| {
            wanted.is_none_or(|wanted| data.unsigned_short(tag, big) == Some(wanted))
        };
        self.modality
            .as_ref()
            .is_none_or(|wanted| text(tags::MODALITY) == wanted.to_lowercase())
            && part(&self.manufacturer, tags::MANUFACTURER)
            && part(&self.model, tags::MODEL)
            && number(self.rows, tags::ROWS)
            && number(self.columns, tags::COLUMNS)
    }
}

/// How the pixels of all frames lie in their bytes (PS3.3 section C.7.6.3).
#[derive(Clone, Copy, Debug)]
struct Raster {
    rows: usize,
    columns: usize,
    frames: usize,
    /// Bytes of one sample.
    bytes: usize,
    samples: usize,
    /// All samples of one kind, then all of the next.
    is_planar: bool,
    /// What black is, for each sample.
    black: [u8; 3],
}

impl Raster {
    fn of(data: &DataSet<'_>) -> Result<Self, &'static str> {
        let short = |tag| data.unsigned_short(tag, false).map(usize::from);
        let samples = short(tags::SAMPLES).unwrap_or(1);
        let photometric = first(data, tags::PHOTOMETRIC).unwrap_or_default();
        if !matches!(samples, 1 | 3) {
            return Err("it has neither one nor three samples a pixel");
        }
        let black = match photometric.as_str() {
            "YBR_FULL" => [0, 128, 128],
            _ if photometric.starts_with("YBR") => return Err("its colours are subsampled"),
            _ => [0; 3],
        };
        let bytes = match short(tags::BITS_ALLOCATED) {
            Some(8) => 1,
            Some(16) if black == [0; 3] => 2,
            _ => return Err("its samples have neither 8 nor 16 bits"),
        };
        let frames = match first(data, tags::FRAMES) {
            Some(frames) => frames
                .parse()
                .map_err(|_| "its number of frames is malformed")?,
            None => 1,
        };
        Ok(Self {
            rows: short(tags::ROWS).ok_or("it has no rows")?,
            columns: short(tags::COLUMNS).ok_or("it has no columns")?,
            frames,
            bytes,
            samples,
            is_planar: samples == 3 && short(tags::PLANAR) == Some(1),
            black,
        })
    }

    /// Blacks out the regions in every frame.
    fn black_out(self, pixels: &mut [u8], regions: &[Region]) -> Result<u64, &'static str> {
        let length = [self.columns, self.samples, self.bytes, self.frames]
            .into_iter()
            .try_fold(self.rows, usize::checked_mul);
        if length.is_none_or(|length| length > pixels.len() || length == 0) {
            return Err("it has fewer pixels than it says");
        }
        let planes = if self.is_planar { self.samples } else { 1 };
        let step = self.bytes * self.samples / planes;
        let plane_bytes = self.rows * self.columns * step;
        for (number, plane) in pixels
            .chunks_exact_mut(plane_bytes)
            .take(self.frames * planes)
            .enumerate()
        {
            for (row, line) in plane.chunks_exact_mut(self.columns * step).enumerate() {
                for region in regions.iter().filter(|region| region.has_row(row)) {
                    self.black_out_line(line, region, step, number % planes);
                }
            }
        }
        Ok((self.frames as u64).saturating_mul(regions.len() as u64))
    }

    fn black_out_line(self, line: &mut [u8], region: &Region, step: usize, plane: usize) {
        let left = index(region.left).min(self.columns);
        let right = index(region.left.saturating_add(region.width)).min(self.columns);
        let black = self.black;
        let Some(pixels) = line.get_mut(left * step..right * step) else {
            return;
        };
        for pixel in pixels.chunks_exact_mut(step) {
            for (sample, byte) in pixel.iter_mut().enumerate() {
                let sample = if self.is_planar {
                    plane
                } else {
                    sample / self.bytes
                };
                *byte = black.get(sample).copied().unwrap_or(0);
            }
        }
    }
}

impl Region {
    fn has_row(&self, row: usize) -> bool {
        (index(self.top)..index(self.top.saturating_add(self.height))).contains(&row)
    }
}

fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
