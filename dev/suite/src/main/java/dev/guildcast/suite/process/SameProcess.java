package dev.guildcast.suite.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/// Starts a service in this very JVM, one after the other: system properties and the log are common ground.
public final class SameProcess implements Launcher {
    private static final ReentrantLock ONE_AT_A_TIME = new ReentrantLock();

    @Override
    public Running launch(ServiceSpec spec, Path log) throws LaunchFailed {
        ONE_AT_A_TIME.lock();
        try {
            return new Context(
                    ServiceMain.startable(spec.mainClass(), spec.args().toArray(String[]::new)));
        } catch (Exception e) {
            throw new LaunchFailed(ServiceMain.root(e).getMessage() + " (" + spec.mainClass() + ")", e);
        } finally {
            ONE_AT_A_TIME.unlock();
        }
    }

    private record Context(AutoCloseable service, CountDownLatch ended) implements Running {
        Context(AutoCloseable service) {
            this(service, new CountDownLatch(1));
        }

        @Override
        public ProcessHandle process() {
            return ProcessHandle.current();
        }

        @Override
        public boolean isStarted() {
            return true;
        }

        @Override
        public boolean awaitEnd(Duration atMost) throws InterruptedException {
            return ended.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
        }

        @Override
        public boolean wasKilled() {
            return false;
        }

        @Override
        public void stop() {
            try {
                service.close();
            } catch (Exception e) {
                System.err.println("closed with " + e);
            } finally {
                ended.countDown();
            }
        }

        @Override
        public void kill() {
            throw new UnsupportedOperationException("in one JVM no service can be killed alone");
        }
    }
}
