/// The demo: a suite under traffic, its services killed one after the other, and a verdict.
///
/// Everything is told to the screen by the main thread; publishers, clients and the suite have threads of their own.
@NullMarked
package dev.guildcast.demo;

import org.jspecify.annotations.NullMarked;
