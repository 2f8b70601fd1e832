/// A plain gateway client that prints its dispatches and verifies their sequence numbers. HTTP client threads.
@NullMarked
package dev.guildcast.suite.watch;

import org.jspecify.annotations.NullMarked;
