/// The Java, the class path and the flags that services are started with, and their AOT cache. Any thread.
@NullMarked
package dev.guildcast.suite.image;

import org.jspecify.annotations.NullMarked;
