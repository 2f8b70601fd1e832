/// The demo: runs traffic through a suite, kills its services one after the other, and prints a verdict.
///
/// The main thread prints; publishers, clients and the suite have threads of their own.
@NullMarked
package dev.guildcast.demo;

import org.jspecify.annotations.NullMarked;
