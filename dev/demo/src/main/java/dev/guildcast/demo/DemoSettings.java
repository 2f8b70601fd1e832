package dev.guildcast.demo;

/// The options of a run.
///
/// @param injectFaults whether services are killed during the traffic
record DemoSettings(long seed, int seconds, int rate, boolean injectFaults) {}
