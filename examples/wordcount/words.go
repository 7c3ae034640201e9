package main

import (
	"unicode"
	"unicode/utf8"
)

// maxWord is how many bytes of a word count, in lower case. A longer word is
// the word that its first whole runes make up to there; the rest of it is no
// word of its own.
const maxWord = 1024

// isWordRune reports whether r is part of a word. Everything else, a byte
// that is not UTF-8 included, is between words.
func isWordRune(r rune) bool {
	if r < utf8.RuneSelf {
		return asciiLower[r] != 0
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}

// asciiLower is the lower case of those of ASCII that are part of words.
var asciiLower = func() (lower [utf8.RuneSelf]byte) {
	for c := range byte(utf8.RuneSelf) {
		if r := rune(c); unicode.IsLetter(r) || unicode.IsDigit(r) {
			lower[c] = byte(unicode.ToLower(r))
		}
	}
	return lower
}()

// eachWord calls yield with every word of text, in lower case. The slice is
// valid until yield returns.
func eachWord(text []byte, yield func(word []byte)) {
	var memory [maxWord]byte
	word, full := memory[:0], false
	for i := 0; i < len(text); {
		r, size := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRune(text[i:])
		}
		i += size
		switch {
		case !isWordRune(r):
			if len(word) > 0 {
				yield(word)
			}
			word, full = word[:0], false
		case !full:
			word, full = appendLower(word, r)
		}
	}
	if len(word) > 0 {
		yield(word)
	}
}

// appendLower appends r in lower case, if there is room; else word is full.
func appendLower(word []byte, r rune) (longer []byte, full bool) {
	if r < utf8.RuneSelf {
		if len(word) == maxWord {
			return word, true
		}
		return append(word, asciiLower[r]), false
	}
	r = unicode.ToLower(r)
	if len(word)+utf8.RuneLen(r) > maxWord {
		return word, true
	}
	return utf8.AppendRune(word, r), false
}
