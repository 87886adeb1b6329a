//! Places shapes and labels in layers, for graphs of request paths: nearly chains, few nodes, rarely a cycle.
//!
//! Shapes stand on even layers and the labels of arrows on odd ones, so that no label ever covers anything. An arrow over
//! several layers gets a bend in each. All numbers are whole, so that the same diagram gives the same picture everywhere.

use super::diagram::Diagram;
use std::collections::VecDeque;

/// Space between neighbours of a layer.
const GAP: i64 = 28;
/// Space between layers.
const RISE: i64 = 18;
/// Space around everything.
const MARGIN: i64 = 20;
/// How often the order within layers is improved.
const SWEEPS: usize = 4;
/// With more slots than this, arrows go straight over the layers between.
const MOST_SLOTS: usize = 50_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// Index into [`Diagram::shapes`].
    Shape(usize),
    /// Index into [`Diagram::arrows`].
    Label(usize),
    Bend,
}

/// A place in a layer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot {
    pub content: Content,
    layer: usize,
    pub width: i64,
    pub height: i64,
    pub center: i64,
    pub top: i64,
}

impl Slot {
    pub(super) fn bottom(&self) -> i64 {
        self.top + self.height
    }
}

pub(super) struct Layout {
    pub slots: Vec<Slot>,
    /// For each arrow the slots that it runs over, both ends included.
    pub routes: Vec<Vec<usize>>,
    pub width: i64,
    pub height: i64,
}

/// `size` tells how wide and high some lines of text are, borders included.
pub(super) fn layout(diagram: &Diagram, size: &dyn Fn(&[String]) -> (i64, i64)) -> Layout {
    let ranks = ranks(diagram);
    let slot = |content, layer, (width, height)| Slot { content, layer, width, height, center: 0, top: 0 };
    let mut slots: Vec<Slot> = Vec::new();
    for (number, shape) in diagram.shapes.iter().enumerate() {
        slots.push(slot(Content::Shape(number), 2 * ranks[number], size(&shape.lines)));
    }
    let mut routes = Vec::new();
    for (number, arrow) in diagram.arrows.iter().enumerate() {
        let upward = ranks[arrow.from] > ranks[arrow.to];
        let (upper, lower) = if upward { (arrow.to, arrow.from) } else { (arrow.from, arrow.to) };
        let first = 2 * ranks[upper] + 1;
        let mut route = vec![upper, slots.len()];
        slots.push(slot(Content::Label(number), first, size(&arrow.lines)));
        for layer in first + 1..2 * ranks[lower] {
            if slots.len() < MOST_SLOTS {
                route.push(slots.len());
                slots.push(slot(Content::Bend, layer, (0, 0)));
            }
        }
        route.push(lower);
        if upward {
            route.reverse();
        }
        routes.push(route);
    }
    let mut layout = Layout { slots, routes, width: 0, height: 0 };
    layout.place();
    layout
}

/// The layer of each shape: below everything that leads to it. Where there is a cycle, its first shape comes first.
fn ranks(diagram: &Diagram) -> Vec<usize> {
    let count = diagram.shapes.len();
    let mut waiting = vec![0_usize; count];
    let mut leaving: Vec<Vec<usize>> = vec![Vec::new(); count];
    for arrow in diagram.arrows.iter().filter(|arrow| arrow.from != arrow.to) {
        waiting[arrow.to] += 1;
        leaving[arrow.from].push(arrow.to);
    }
    let mut ranks = vec![0; count];
    let mut placed = vec![false; count];
    let mut ready: VecDeque<usize> = (0..count).filter(|shape| waiting[*shape] == 0).collect();
    let mut lowest = 0;
    loop {
        while placed.get(lowest) == Some(&true) {
            lowest += 1;
        }
        let shape = match ready.pop_front() {
            Some(shape) => shape,
            None if lowest < count => lowest,
            None => return ranks,
        };
        if std::mem::replace(&mut placed[shape], true) {
            continue;
        }
        for to in leaving[shape].iter().copied().filter(|to| !placed[*to]) {
            ranks[to] = ranks[to].max(ranks[shape] + 1);
            waiting[to] -= 1;
            if waiting[to] == 0 {
                ready.push_back(to);
            }
        }
    }
}

impl Layout {
    fn place(&mut self) {
        let depth = self.slots.iter().map(|slot| slot.layer + 1).max().unwrap_or(0);
        let mut layers: Vec<Vec<usize>> = vec![Vec::new(); depth];
        for (index, slot) in self.slots.iter().enumerate() {
            layers[slot.layer].push(index);
        }
        let (above, below) = self.neighbours();
        order(&mut layers, &above, &below);
        for layer in &layers {
            self.settle(layer, None);
        }
        for layer in layers.iter().skip(1) {
            self.settle(layer, Some(&above));
        }
        for layer in layers.iter().rev().skip(1) {
            self.settle(layer, Some(&below));
        }
        for layer in layers.iter().skip(1) {
            self.settle(layer, Some(&above));
        }
        self.frame(&layers);
    }

    /// For each slot those that a route joins with it from above and from below.
    fn neighbours(&self) -> (Vec<Vec<usize>>, Vec<Vec<usize>>) {
        let mut above = vec![Vec::new(); self.slots.len()];
        let mut below = vec![Vec::new(); self.slots.len()];
        for pair in self.routes.iter().flat_map(|route| route.windows(2)) {
            if let [first, second] = *pair {
                let down = self.slots[first].layer < self.slots[second].layer;
                let (upper, lower) = if down { (first, second) } else { (second, first) };
                below[upper].push(lower);
                above[lower].push(upper);
            }
        }
        (above, below)
    }

    /// Moves each slot of a layer towards the middle of its neighbours, as far as the others leave it room.
    fn settle(&mut self, layer: &[usize], neighbours: Option<&[Vec<usize>]>) {
        let mut wanted = Vec::new();
        let mut reached = Vec::new();
        let mut edge = i64::MIN;
        for index in layer {
            let near = neighbours.map_or(&[][..], |all| all[*index].as_slice());
            let total: i64 = near.iter().map(|other| self.slots[*other].center).sum();
            let wish = if near.is_empty() { self.slots[*index].center } else { total / near.len() as i64 };
            let half = self.slots[*index].width / 2;
            let center = wish.max(edge.saturating_add(half));
            edge = center + half + GAP;
            wanted.push(wish);
            reached.push(center);
        }
        let off: i64 = wanted.iter().zip(&reached).map(|(wish, center)| wish - center).sum();
        let shift = off / (layer.len().max(1) as i64);
        for (index, center) in layer.iter().zip(reached) {
            self.slots[*index].center = center + shift;
        }
    }

    /// Moves everything into view and gives each layer its height.
    fn frame(&mut self, layers: &[Vec<usize>]) {
        let left = self.slots.iter().map(|slot| slot.center - slot.width / 2).min().unwrap_or(0);
        let mut top = MARGIN;
        for layer in layers {
            let height = layer.iter().map(|index| self.slots[*index].height).max().unwrap_or(0);
            for index in layer {
                let slot = &mut self.slots[*index];
                slot.center += MARGIN - left;
                slot.top = top;
                // A bend is a line through its layer.
                if slot.content == Content::Bend {
                    slot.height = height;
                }
            }
            top += height + RISE;
        }
        self.width = self.slots.iter().map(|slot| slot.center + slot.width / 2).max().unwrap_or(0) + MARGIN;
        self.height = top + MARGIN - RISE;
    }
}

/// Sorts layers by where their neighbours stand, downwards and upwards in turn, so that few arrows cross.
fn order(layers: &mut [Vec<usize>], above: &[Vec<usize>], below: &[Vec<usize>]) {
    let mut position = vec![0_usize; above.len()];
    let number = |layer: &[usize], position: &mut [usize]| {
        for (at, index) in layer.iter().enumerate() {
            position[*index] = at;
        }
    };
    for layer in layers.iter() {
        number(layer, &mut position);
    }
    let mut sort = |layer: &mut Vec<usize>, neighbours: &[Vec<usize>]| {
        layer.sort_by_cached_key(|index| match neighbours[*index].as_slice() {
            [] => position[*index] * 1_000,
            near => near.iter().map(|other| position[*other]).sum::<usize>() * 1_000 / near.len(),
        });
        number(layer, &mut position);
    };
    for _ in 0..SWEEPS {
        for layer in layers.iter_mut() {
            sort(layer, above);
        }
        for layer in layers.iter_mut().rev() {
            sort(layer, below);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::diagram::{Arrow, Role, Shape};
    use super::super::wire::Wire;
    use super::*;

    fn diagram(shapes: usize, arrows: &[(usize, usize)]) -> Diagram {
        let shape = |number: usize| Shape { lines: vec![format!("node {number}")], role: Role::End };
        let arrow =
            |(from, to): &(usize, usize)| Arrow { from: *from, to: *to, lines: Vec::new(), wire: Wire::Encrypted };
        Diagram { shapes: (0..shapes).map(shape).collect(), arrows: arrows.iter().map(arrow).collect() }
    }

    fn overlap(first: &Slot, second: &Slot) -> bool {
        let near = (first.center - second.center).abs() < (first.width + second.width) / 2;
        near && first.top < second.bottom() && second.top < first.bottom()
    }

    #[test]
    fn nothing_overlaps_whatever_the_arrows() {
        for arrows in [
            &[(0, 1), (1, 2), (2, 3)][..],
            &[(0, 1), (0, 2), (1, 3), (2, 3), (0, 3), (0, 3)],
            &[(0, 1), (1, 2), (2, 0), (3, 3)],
            &[],
        ] {
            let layout = layout(&diagram(4, arrows), &|_| (101, 31));
            for (number, first) in layout.slots.iter().enumerate() {
                assert!(first.center - first.width / 2 >= 0 && first.center + first.width / 2 <= layout.width);
                assert!(first.top >= 0 && first.bottom() <= layout.height);
                for second in layout.slots.iter().skip(number + 1).filter(|slot| slot.content != Content::Bend) {
                    assert!(first.content == Content::Bend || !overlap(first, second), "{first:?} {second:?}");
                }
            }
        }
    }

    #[test]
    fn a_shape_stands_below_what_leads_to_it() {
        let layout = layout(&diagram(4, &[(0, 1), (0, 3), (1, 2), (2, 3)]), &|_| (100, 30));
        let tops: Vec<_> = layout.slots.iter().take(4).map(|slot| slot.top).collect();
        assert!(tops.is_sorted());
        assert_eq!(layout.routes[1].len(), 7, "a label and four bends between the ends");
    }
}
