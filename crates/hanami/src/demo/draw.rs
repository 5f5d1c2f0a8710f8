//! Pictures made of text: an image in half blocks, likelihoods as bars.

/// Ink of a pixel from which on it is drawn.
const INK: u8 = 96;

/// Length of the bar of a likelihood of 1, in characters.
const BAR: usize = 20;

/// An image, `columns` pixels wide, in lines of text that hold two rows of pixels each.
pub(super) fn image(pixels: &[u8], columns: usize) -> Vec<String> {
    let rows: Vec<&[u8]> = pixels.chunks(columns).collect();
    rows.chunks(2)
        .map(|pair| {
            let upper = pair[0];
            let lower = pair.get(1).copied().unwrap_or_default();
            let ink = |row: &[u8], column| row.get(column).is_some_and(|&pixel| pixel >= INK);
            (0..columns)
                .map(|column| match (ink(upper, column), ink(lower, column)) {
                    (true, true) => '█',
                    (true, false) => '▀',
                    (false, true) => '▄',
                    (false, false) => ' ',
                })
                .collect()
        })
        .collect()
}

/// A bar for a `likelihood` of 0 to 1, exact to an eighth of a character.
pub(super) fn bar(likelihood: f32) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = (likelihood.clamp(0.0, 1.0) * (BAR * 8) as f32).round() as usize;
    format!("{}{}", "█".repeat(eighths / 8), EIGHTHS[eighths % 8])
}

/// An image, without the empty lines above and below, beside the likelihoods of its classes, the
/// likeliest marked by an arrow.
pub(super) fn answer(pixels: &[u8], columns: usize, likelihoods: &[f32]) -> Vec<String> {
    let image = image(pixels, columns);
    let image = trim_empty_lines(&image);
    let best = likeliest(likelihoods);
    let bars: Vec<String> = likelihoods
        .iter()
        .enumerate()
        .map(|(class, &likelihood)| {
            let mark = if class == best { '▶' } else { ' ' };
            let percent = likelihood * 100.0;
            let bar = bar(likelihood);
            format!("{mark} {class}  {percent:5.1} %  {bar}")
        })
        .collect();
    let height = image.len().max(bars.len());
    let first_bar = (height - bars.len()) / 2;
    (0..height)
        .map(|line| {
            let left = image.get(line).map_or("", String::as_str);
            let bar = line.checked_sub(first_bar).and_then(|bar| bars.get(bar));
            let right = bar.map_or("", String::as_str);
            format!("{left:columns$}  {right}").trim_end().to_owned()
        })
        .collect()
}

fn trim_empty_lines(lines: &[String]) -> &[String] {
    let has_ink = |line: &String| !line.trim().is_empty();
    let first = lines.iter().position(has_ink).unwrap_or(0);
    let end = lines.iter().rposition(has_ink).map_or(0, |last| last + 1);
    &lines[first.min(end)..end]
}

/// The class with the highest likelihood.
pub(super) fn likeliest(likelihoods: &[f32]) -> usize {
    let mut best = 0;
    for (class, likelihood) in likelihoods.iter().enumerate() {
        if *likelihood > likelihoods[best] {
            best = class;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_rows_of_pixels_share_a_line() {
        let pixels = [255, 0, 255, 0, 255, 0, 0, 0, 200, 200, 0, 0];
        assert_eq!(image(&pixels, 4), ["█ ▀ ", "▀▀  "]);
        assert_eq!(image(&pixels[..9], 3), ["▀▄▀", "  ▀"]);
    }

    #[test]
    fn a_bar_is_as_long_as_its_likelihood() {
        assert_eq!(bar(0.0), "");
        assert_eq!(bar(1.0), "█".repeat(BAR));
        assert_eq!(bar(0.525), format!("{}▌", "█".repeat(10)));
        assert_eq!(bar(7.0), "█".repeat(BAR));
        assert_eq!(bar(f32::NAN), "");
    }

    #[test]
    fn the_likeliest_class_is_marked() {
        let lines = answer(&[0, 0, 0, 0, 255, 255, 255, 255], 2, &[0.25, 0.75]);
        assert_eq!(lines.len(), 2);
        assert!(lines[0].starts_with("██    0   25.0 %  █"), "{lines:?}");
        assert!(lines[1].contains("▶ 1   75.0 %  █"), "{lines:?}");
    }
}
