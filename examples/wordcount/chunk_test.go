package main

import (
	"bytes"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/internal/testkit"
)

// plainCount counts in the plainest way, all of the text at once. It shares
// nothing with the program.
func plainCount(text string) (counts map[string]int64, words int64) {
	counts = map[string]int64{}
	between := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }
	for _, word := range strings.FieldsFunc(text, between) {
		word = strings.Map(unicode.ToLower, word)
		for len(word) > 1024 {
			_, size := utf8.DecodeLastRuneInString(word)
			word = word[:len(word)-size]
		}
		counts[word]++
		words++
	}
	return counts, words
}

// plainText reports whether the program is to take text for text.
func plainText(text string) bool {
	cut := len(text) > 8000
	head := text[:min(len(text), 8000)]
	for i, r := range head {
		if r == 0 {
			return false
		}
		if r == utf8.RuneError && !strings.HasPrefix(head[i:], "\uFFFD") {
			return cut && !utf8.FullRuneInString(head[i:])
		}
	}
	return true
}

// countChunks counts r as a counter does.
func countChunks(t testing.TB, r io.Reader) (*tally, bool) {
	t.Helper()
	s, err := newChunks(r)
	if err == errBinary {
		return nil, false
	}
	require.NoError(t, err)
	all := newTally()
	for {
		c, err := s.next()
		if err == io.EOF {
			return all, true
		}
		require.NoError(t, err)
		require.LessOrEqual(t, c.n, chunkSize)
		eachWord(c.bytes(), all.add)
		all.bytes += int64(c.size)
		c.free()
	}
}

func checkCount(t testing.TB, text string, r io.Reader) {
	t.Helper()
	got, isText := countChunks(t, r)
	require.Equal(t, plainText(text), isText)
	if !isText {
		return
	}
	counts, words := plainCount(text)
	require.Equal(t, words, got.words)
	require.EqualValues(t, len(text), got.bytes)
	require.Len(t, got.counts, len(counts))
	for word, n := range counts {
		require.NotNil(t, got.counts[word], word)
		require.Equal(t, n, *got.counts[word], word)
	}
}

// A dribble gives r away in pieces of any size.
type dribble struct {
	r   io.Reader
	rnd *rand.Rand
}

func (d dribble) Read(p []byte) (int, error) {
	return d.r.Read(p[:min(len(p), 1+d.rnd.IntN(1<<d.rnd.IntN(18)))])
}

// randomText is made of pieces that are likely to go wrong where chunks meet.
func randomText(rnd *rand.Rand) string {
	pieces := []string{
		"a", "Z", "9", " ", "\n", "é", "Ä", "\u212A", "語", "𝕏", "\u0130", "\xff", "\xe4", "\xf0\x9f", "\uFFFD", "🎭", "ǅ",
		strings.Repeat("x", 1023), strings.Repeat("é", 512), strings.Repeat("\u212A", 30_000), strings.Repeat(".", 9000),
		strings.Repeat("w ", 5000), strings.Repeat("語", 22_000), strings.Repeat("𝕏", 400),
	}
	var b strings.Builder
	b.WriteString(strings.Repeat("head ", rnd.IntN(2)*1600)) // so that what follows is not sniffed at
	for range rnd.IntN(60) {
		b.WriteString(pieces[rnd.IntN(len(pieces))])
	}
	return b.String()
}

func TestChunksOfRandomTextInRandomPieces(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rnd := rand.New(rand.NewPCG(seed, 0))
	rounds := 300
	if testing.Short() || testkit.Race {
		rounds = 50
	}
	for range rounds {
		text := randomText(rnd)
		checkCount(t, text, dribble{strings.NewReader(text), rnd})
	}
}

func FuzzChunks(f *testing.F) {
	for _, text := range []string{"", "One two", "a\x00b", "\xff", strings.Repeat("\u212A", 30_000), strings.Repeat("x", 7999) + "é"} {
		f.Add(text, byte(3))
	}
	f.Fuzz(func(t *testing.T, text string, times byte) {
		checkCount(t, text, iotest.HalfReader(strings.NewReader(text)))
		long := strings.Repeat("head ", 1600) + strings.Repeat(text, int(times))
		checkCount(t, long, strings.NewReader(long))
	})
}

func TestReadersOfEveryKind(t *testing.T) {
	text := strings.Repeat("Ein Wörtchen, 語語 und noch eines. ", 6000)
	for name, r := range map[string]io.Reader{
		"whole":       strings.NewReader(text),
		"half":        iotest.HalfReader(strings.NewReader(text)),
		"one_byte":    iotest.OneByteReader(strings.NewReader(text)),
		"data_at_EOF": iotest.DataErrReader(strings.NewReader(text)),
	} {
		t.Run(name, func(t *testing.T) { checkCount(t, text, r) })
	}
}

func TestHugeLineAndHugeWord(t *testing.T) {
	for name, text := range map[string]string{
		"line":        strings.Repeat("word ", 1_000_000),
		"word":        strings.Repeat("w", 3_000_000),
		"wide_word":   strings.Repeat("語", 1_000_000) + " end",
		"kelvin_word": strings.Repeat("\u212A", 100_000) + " end",
		"no_word":     strings.Repeat("-", 3_000_000),
	} {
		t.Run(name, func(t *testing.T) { checkCount(t, text, strings.NewReader(text)) })
	}
}

// A word is cut to whole runes of at most 1,024 bytes, and the rest of it is
// no word.
func TestLongWordIsCut(t *testing.T) {
	ascii := strings.Repeat("A", 1023)
	for name, c := range map[string]struct{ text, want string }{
		"fits":             {ascii + "b", strings.ToLower(ascii) + "b"},
		"one_byte_more":    {ascii + "bc", strings.ToLower(ascii) + "b"},
		"rune_on_the_edge": {ascii + "éb", strings.ToLower(ascii)},
		"shrinks":          {strings.Repeat("\u212A", 2000), strings.Repeat("k", 1024)},
		"grows":            {strings.Repeat("Ⱥ", 500), strings.Repeat("ⱥ", 341)},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			eachWord([]byte(c.text+" next"), func(word []byte) { got = append(got, string(word)) })
			assert.Equal(t, []string{c.want, "next"}, got)
			checkCount(t, c.text, strings.NewReader(c.text))
		})
	}
}

func TestSniff(t *testing.T) {
	pad := func(n int, rest string) string { return strings.Repeat("a", n) + rest }
	for name, c := range map[string]struct {
		text string
		want bool
	}{
		"empty":                 {"", true},
		"NUL_first":             {"\x00", false},
		"NUL_last":              {pad(7999, "\x00"), false},
		"NUL_behind":            {pad(8000, "\x00"), true},
		"invalid_last":          {pad(7999, "\xff"), false},
		"invalid_behind":        {pad(8000, "\xff"), true},
		"rune_across_the_end":   {pad(7999, "é"), true},
		"cut_rune_at_the_end":   {pad(10, "\xc3"), false},
		"cut_rune_ends_at_8000": {pad(7999, "\xc3"), false},
	} {
		t.Run(name, func(t *testing.T) {
			_, isText := countChunks(t, bytes.NewReader([]byte(c.text)))
			assert.Equal(t, c.want, isText)
			assert.Equal(t, c.want, plainText(c.text) || c.text == "")
		})
	}
}
