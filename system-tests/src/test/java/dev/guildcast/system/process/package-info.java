/// Tests a suite of separate processes as its users see it: through client libraries, publishers and examples, over
/// real sockets, while connections are cut and services are killed.
///
/// One suite serves all test classes of a run, which run one after the other, each on the test's thread; clients,
/// programs and the suite have threads of their own.
@NullMarked
package dev.guildcast.system.process;

import org.jspecify.annotations.NullMarked;
