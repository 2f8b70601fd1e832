/// Pins what may never change: hashes, ids, names, and the numbers of the contracts.
@NullMarked
package dev.guildcast.contract;

import org.jspecify.annotations.NullMarked;
