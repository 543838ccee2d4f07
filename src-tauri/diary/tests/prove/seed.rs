//! Random choices that a seed repeats.

/// `SplitMix64`: one word of state, and good enough to choose by.
#[derive(Debug, Clone)]
pub(crate) struct Seed(u64);

impl Seed {
    /// The choices number `index` of a run.
    pub(crate) fn of(run: u64, index: u64) -> Self {
        let mut seed = Self(run ^ index.wrapping_mul(0xa076_1d64_78bd_642f));
        seed.next();
        seed
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }

    /// A number below `end`, which is not 0.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// One of several.
    pub(crate) fn one_of<T: Copy>(&mut self, several: &[T]) -> T {
        let at = self.below(several.len() as u64);
        several[usize::try_from(at).unwrap_or(0)]
    }

    /// An id that no other choice makes.
    pub(crate) fn id(&mut self) -> uuid::Uuid {
        uuid::Uuid::from_u64_pair(self.next(), self.next())
    }

    /// A word of `length` letters that stands nowhere by chance.
    pub(crate) fn word(&mut self, length: usize) -> String {
        (0..length).map(|_| self.one_of(&LETTERS)).collect()
    }
}

const LETTERS: [char; 16] = [
    'a', 'b', 'c', 'd', 'e', 'g', 'h', 'k', 'm', 'n', 'p', 'r', 's', 't', '\u{f1}', '\u{e9}',
];
