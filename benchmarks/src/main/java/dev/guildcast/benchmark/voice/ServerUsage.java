package dev.guildcast.benchmark.voice;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/// What the server has used since it was started, as one line of text.
///
/// @param threadNanos CPU time of the thread that forwards
/// @param processNanos CPU time of the process, with its compiler and its collector
/// @param allocatedBytes by the thread that forwards
/// @param received datagrams
/// @param sent datagrams
/// @param dropped datagrams and copies of them
record ServerUsage(long threadNanos, long processNanos, long allocatedBytes, long received, long sent, long dropped) {
    ServerUsage since(ServerUsage before) {
        return new ServerUsage(
                threadNanos - before.threadNanos,
                processNanos - before.processNanos,
                allocatedBytes - before.allocatedBytes,
                received - before.received,
                sent - before.sent,
                dropped - before.dropped);
    }

    String line() {
        return LongStream.of(threadNanos, processNanos, allocatedBytes, received, sent, dropped)
                .mapToObj(Long::toString)
                .collect(Collectors.joining(" "));
    }

    static ServerUsage of(String line) {
        long[] all = Arrays.stream(line.split(" ")).mapToLong(Long::parseLong).toArray();
        return new ServerUsage(all[0], all[1], all[2], all[3], all[4], all[5]);
    }
}
