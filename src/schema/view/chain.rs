//! How many schemas may have to judge one value, each inside the one before.

/// An upper bound on the number of schemas in a row, where `inner[n]` are those that schema `n` applies to the very
/// value it judges itself.
pub(super) fn longest_chain(inner: &[Vec<usize>]) -> usize {
    let mut arriving = vec![0_usize; inner.len()];
    for to in inner.iter().flatten() {
        arriving[*to] += 1;
    }
    let mut length = vec![1_usize; inner.len()];
    let mut ready: Vec<usize> = (0..inner.len()).filter(|n| arriving[*n] == 0).collect();
    let (mut sorted, mut longest) = (0, 0);
    while let Some(n) = ready.pop() {
        sorted += 1;
        longest = longest.max(length[n]);
        for to in &inner[n] {
            length[*to] = length[*to].max(length[n] + 1);
            arriving[*to] -= 1;
            if arriving[*to] == 0 {
                ready.push(*to);
            }
        }
    }
    // What stands in circles, or behind one, was not sorted; a way through them visits each at most once.
    longest + inner.len() - sorted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(inner: &[&[usize]], expected: usize) {
        let inner: Vec<Vec<usize>> = inner.iter().map(|to| to.to_vec()).collect();
        assert_eq!(longest_chain(&inner), expected);
    }

    #[test]
    fn the_longest_way_counts_circles_whole() {
        check(&[], 0);
        check(&[&[], &[]], 1);
        check(&[&[1, 2], &[2], &[]], 3);
        check(&[&[0]], 1);
        check(&[&[1], &[0], &[]], 3);
    }
}
