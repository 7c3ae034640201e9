package main

func Example() {
	main()
	// Output:
	// 15 deposit of -1 Ada has 15
	// 15 deposit of -1 Ada has 15
	// 15 deposit of -1 Ada has 15
}
