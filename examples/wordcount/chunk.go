package main

import (
	"bytes"
	"errors"
	"io"
	"sync"
	"unicode/utf8"
)

const (
	chunkSize = 64 << 10 // bytes that are read, and counted, at once
	sniffSize = 8000     // bytes that tell whether a file is text

	// keptOfWord is how much is kept of a word that fills a whole chunk. No
	// rune shrinks to less than a third in lower case, so that this is enough
	// for maxWord.
	keptOfWord = 4 * maxWord
)

var errBinary = errors.New("not text")

// A chunk is a piece of text that begins and ends between words.
type chunk struct {
	text *[chunkSize]byte // which the receiver gives back
	n    int              // how much of text is used
	size int              // bytes of the file that it stands for
}

func (c chunk) bytes() []byte { return c.text[:c.n] }

// free makes the chunk's memory available for another.
func (c chunk) free() { chunkMemory.Put(c.text) }

var chunkMemory = sync.Pool{New: func() any { return new([chunkSize]byte) }}

// chunks cuts a file into chunks.
type chunks struct {
	r       io.Reader
	carry   []byte // read, and left for the next chunk
	known   int    // how much of carry is inside one word, at least
	dropped int    // bytes that the next chunk stands for and does not have
	err     error  // of the last read
}

// newChunks looks at the first bytes of r. It returns errBinary if they are
// not text, and the error of reading them.
func newChunks(r io.Reader) (*chunks, error) {
	head := make([]byte, sniffSize+1) // one more, to see whether the file goes on
	n, err := io.ReadFull(r, head)
	if err == io.ErrUnexpectedEOF {
		err = io.EOF
	}
	if err != nil && err != io.EOF {
		return nil, err
	}
	if !isText(head[:min(n, sniffSize)], n <= sniffSize) {
		return nil, errBinary
	}
	return &chunks{r: r, carry: head[:n], err: err}, nil
}

// isText reports whether head, the whole file or its beginning, is UTF-8
// without a NUL. A rune may be cut where head ends and the file does not.
func isText(head []byte, whole bool) bool {
	if !whole {
		head = head[:len(head)-cutRune(head)]
	}
	return utf8.Valid(head) && bytes.IndexByte(head, 0) < 0
}

// next returns the next chunk, or behind the last io.EOF or the error of
// reading.
func (s *chunks) next() (chunk, error) {
	c := chunk{text: chunkMemory.Get().(*[chunkSize]byte)}
	c.n = copy(c.text[:], s.carry)
	for s.err == nil {
		if end := lastBreak(c.bytes(), s.known); end > 0 {
			return s.cut(c, end), nil
		}
		s.known = c.n - cutRune(c.bytes())
		if c.n == chunkSize {
			s.shorten(&c)
		}
		var n int
		n, s.err = s.r.Read(c.text[c.n:])
		c.n += n
	}
	if c.n+s.dropped > 0 {
		return s.cut(c, c.n), nil
	}
	c.free()
	return chunk{}, s.err
}

// cut ends c at end and keeps the rest for the next chunk.
func (s *chunks) cut(c chunk, end int) chunk {
	rest := c.text[end:c.n]
	s.known = len(rest) - cutRune(rest)
	s.carry = append(s.carry[:0], rest...)
	c.n, c.size = end, end+s.dropped
	s.dropped = 0
	return c
}

// shorten makes room in a chunk that is one word from end to end: only the
// beginning of a word counts.
func (s *chunks) shorten(c *chunk) {
	kept := keptOfWord
	for !utf8.RuneStart(c.text[kept]) {
		kept--
	}
	cut := cutRune(c.bytes())
	n := kept + copy(c.text[kept:], c.text[c.n-cut:c.n])
	s.dropped += c.n - n
	s.known = kept
	c.n = n
}

// lastBreak is where the word begins that text ends in, which may go on; the
// first known bytes are inside a word. It is 0 if that is all of text.
func lastBreak(text []byte, known int) int {
	end := len(text) - cutRune(text)
	for end > known {
		r, size := utf8.DecodeLastRune(text[:end])
		if !isWordRune(r) {
			return end
		}
		end -= size
	}
	return 0
}

// cutRune is how many bytes at the end of text are the beginning of a rune
// that is not complete.
func cutRune(text []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(text); n++ {
		last := text[len(text)-n:]
		if utf8.RuneStart(last[0]) {
			if utf8.FullRune(last) {
				return 0
			}
			return n
		}
	}
	return 0
}
