package scenarios

// load is the group of the scenarios of larger messages, of actors that hold
// others up, and of many actors that do many things.
const load = "load"
