// Package protobufs lets two peers be in one program that each have a protobuf
// message called actor.PID, which is otherwise the end of the program before
// main. Neither of them encodes anything here.
//
// It imports nothing that comes after it in the order of import paths, and so
// is initialised before the protobuf module is, as the language specifies.
package protobufs

import "os"

func init() {
	if err := os.Setenv("GOLANG_PROTOBUF_REGISTRATION_CONFLICT", "ignore"); err != nil {
		panic(err)
	}
}
