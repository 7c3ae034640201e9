//go:build !linux

// Locked is for Linux, where the name and the priority of a thread can be read
// back.
package main

import "fmt"

func main() { fmt.Println("this example is for Linux") }
