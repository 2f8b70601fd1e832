package dev.guildcast.demo;

/// What a person may choose about a run.
///
/// @param kills whether services are killed under way
record DemoSettings(long seed, int seconds, int rate, boolean kills) {}
