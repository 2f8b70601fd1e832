package dev.guildcast.suite.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

/// Starts services in this JVM, one at a time: they share its system properties and its logging.
public final class InProcessLauncher implements ServiceLauncher {
    private static final ReentrantLock START_LOCK = new ReentrantLock();
    /// A broker closes in half a second, and in several on a machine with far more to do than it has processors.
    private static final Duration CLOSE_MAX = Duration.ofSeconds(20);

    @Override
    public RunningInstance launch(ServiceSpec spec, Path log) throws LaunchException {
        START_LOCK.lock();
        try {
            return new InProcessInstance(
                    ServiceMain.invokeStart(spec.mainClass(), spec.args().toArray(String[]::new)));
        } catch (Exception e) {
            throw new LaunchException(ServiceMain.rootCause(e).getMessage() + " (" + spec.mainClass() + ")", e);
        } finally {
            START_LOCK.unlock();
        }
    }

    private static final class InProcessInstance implements RunningInstance {
        private final AutoCloseable service;
        private final CountDownLatch stopped = new CountDownLatch(1);
        private final AtomicBoolean closing = new AtomicBoolean();

        InProcessInstance(AutoCloseable service) {
            this.service = service;
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
        public boolean awaitExit(Duration atMost) throws InterruptedException {
            return stopped.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
        }

        @Override
        public boolean wasKilled() {
            return false;
        }

        @Override
        public boolean wasAskedToEnd() {
            return false;
        }

        @Override
        public boolean canBeKilled() {
            return false;
        }

        /// Waits up to [#CLOSE_MAX] even if the caller would wait less: what cannot be killed goes on using its port
        /// and its folder. Kafka for one halts the JVM when its folder is deleted.
        @Override
        public void stop(Duration atMost) {
            if (closing.compareAndSet(false, true)) {
                Thread.ofPlatform().daemon().name("service-close").start(this::close);
            }
            try {
                if (!awaitExit(CLOSE_MAX)) {
                    System.err.println("a service did not close within " + CLOSE_MAX.toSeconds()
                            + " s; it ends with this process");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void close() {
            try {
                service.close();
            } catch (Exception e) {
                System.err.println("a service failed to close: " + e);
            } finally {
                stopped.countDown();
            }
        }

        @Override
        public void kill() {
            throw new UnsupportedOperationException("services in one JVM cannot be killed separately");
        }
    }
}
