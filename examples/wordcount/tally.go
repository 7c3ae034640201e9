package main

import (
	"cmp"
	"slices"
)

// A tally is what has been counted.
type tally struct {
	counts map[string]*int64 // pointers, as they can be counted up by a word that is no string
	words  int64
	bytes  int64
}

func newTally() *tally { return &tally{counts: map[string]*int64{}} }

func (t *tally) add(word []byte) {
	t.words++
	if n, ok := t.counts[string(word)]; ok {
		*n++
		return
	}
	one := int64(1)
	t.counts[string(word)] = &one
}

// merge adds what other has counted. It takes other over.
func (t *tally) merge(other *tally) {
	t.words += other.words
	t.bytes += other.bytes
	if len(t.counts) < len(other.counts) {
		t.counts, other.counts = other.counts, t.counts
	}
	for word, n := range other.counts {
		if sum, ok := t.counts[word]; ok {
			*sum += *n
		} else {
			t.counts[word] = n
		}
	}
}

// A frequency is a word and how often it was there.
type frequency struct {
	word string
	n    int64
}

// top are the n most frequent words, those that are as frequent by the word.
func (t *tally) top(n int) []frequency {
	all := make([]frequency, 0, len(t.counts))
	for word, n := range t.counts {
		all = append(all, frequency{word, *n})
	}
	slices.SortFunc(all, func(a, b frequency) int {
		return cmp.Or(cmp.Compare(b.n, a.n), cmp.Compare(a.word, b.word))
	})
	return slices.Clip(all[:min(n, len(all))])
}
