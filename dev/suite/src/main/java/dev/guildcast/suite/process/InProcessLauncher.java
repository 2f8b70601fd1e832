package dev.guildcast.suite.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/// Starts services in this JVM, one at a time: they share its system properties and its logging.
public final class InProcessLauncher implements ServiceLauncher {
    private static final ReentrantLock START_LOCK = new ReentrantLock();

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

    private record InProcessInstance(AutoCloseable service, CountDownLatch stopped) implements RunningInstance {
        InProcessInstance(AutoCloseable service) {
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

        /// One that does not close in time ends with this process.
        @Override
        public void stop(Duration atMost) {
            if (stopped.getCount() == 0) {
                return;
            }
            var closing = Thread.ofPlatform().daemon().name("service-close").start(this::close);
            try {
                closing.join(atMost);
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
