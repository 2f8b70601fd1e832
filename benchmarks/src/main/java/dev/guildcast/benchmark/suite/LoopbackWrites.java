package dev.guildcast.benchmark.suite;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.TimeUnit;

/// The CPU baseline: one write of a frame's size to a loopback socket, read by a thread that discards it.
///
/// Only the writer's time counts, as the suite's time is counted without the clients'.
final class LoopbackWrites {
    /// Enough for the CPU clock's resolution to vanish in the average.
    private static final int WRITES = 200_000;
    /// Enough for the loop to be compiled.
    private static final int WARM_UP = 50_000;

    private LoopbackWrites() {}

    /// CPU time of one write, in microseconds.
    static double microsEach(int bytes) throws InterruptedException {
        try (var server = new ServerSocket()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            try (var out = new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort());
                    var in = server.accept()) {
                out.setTcpNoDelay(true);
                var reader = Thread.ofPlatform().name("loopback-reader").start(() -> drain(in));
                var frame = new byte[bytes];
                write(out, frame, WARM_UP);
                long from =
                        java.lang.management.ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
                write(out, frame, WRITES);
                long to =
                        java.lang.management.ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
                out.shutdownOutput();
                reader.join(TimeUnit.SECONDS.toMillis(10));
                return (to - from) / 1e3 / WRITES;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("no loopback connection", e);
        }
    }

    private static void write(Socket out, byte[] frame, int times) throws IOException {
        for (int i = 0; i < times; i++) {
            out.getOutputStream().write(frame);
        }
    }

    private static void drain(Socket in) {
        var buffer = new byte[64 * 1024];
        try (InputStream stream = in.getInputStream()) {
            while (stream.read(buffer) >= 0) {
                // Discarded, to keep the window open.
            }
        } catch (IOException e) {
            // The writer has ended.
        }
    }
}
