@NullMarked
package dev.guildcast.demo;

import org.jspecify.annotations.NullMarked;
