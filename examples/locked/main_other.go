//go:build !linux

// Locked is for Linux, where a thread's name can be read back.
package main

import "fmt"

func main() { fmt.Println("this example is for Linux") }
