package dev.guildcast.brokers;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/// Ends a child process when its parent ends, for whatever reason.
///
/// The parent holds the other end of the child's standard input and never writes to it. The kernel closes that end when
/// the parent is gone, by `kill -9` too; the child then reads the end of its input and halts.
///
/// - **Owner:** one daemon thread, which reads standard input alone.
public final class ParentWatch {
    private ParentWatch() {}

    /// Starts to watch; to be called once, first of all, in a process whose standard input is a pipe from its parent.
    public static void start() {
        start(System.in, () -> Runtime.getRuntime().halt(143));
    }

    static void start(InputStream parent, Runnable onParentExit) {
        Thread.ofPlatform().daemon().name("parent-watch").start(() -> {
            try {
                parent.transferTo(OutputStream.nullOutputStream());
            } catch (IOException e) {
                // A broken pipe means the same as a closed one.
            }
            onParentExit.run();
        });
    }
}
