package dev.guildcast.fanout.audience;

import dev.guildcast.fanout.event.Channel;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;

/// Whom an event concerns before intents and permissions are asked.
public sealed interface Scope {
    Scope EVERYONE = new Everyone();

    /// Whether all of a class are meant, but for the users named by [#special].
    boolean meets(VisibilityClass each);

    /// Whether one user is meant.
    boolean meets(long user, VisibilityClass of);

    /// Users whose answer may differ from that of their class.
    Set<Long> special();

    record Everyone() implements Scope {
        @Override
        public boolean meets(VisibilityClass each) {
            return true;
        }

        @Override
        public boolean meets(long user, VisibilityClass of) {
            return true;
        }

        @Override
        public Set<Long> special() {
            return Set.of();
        }
    }

    /// Who sees a channel or thread.
    record Viewers(Channel channel) implements Scope {
        private long decides() {
            return channel.thread() ? channel.parentId() : channel.id();
        }

        @Override
        public boolean meets(VisibilityClass each) {
            return channel.privateThread() ? each.managesThreads(decides()) : each.sees(decides());
        }

        @Override
        public boolean meets(long user, VisibilityClass of) {
            return meets(of) || channel.privateThread() && of.sees(decides()) && channel.hasThreadMember(user);
        }

        @Override
        public Set<Long> special() {
            return channel.privateThread()
                    ? Arrays.stream(channel.threadMembers()).boxed().collect(Collectors.toSet())
                    : Set.of();
        }
    }

    /// These users alone.
    record Only(Set<Long> users) implements Scope {
        @Override
        public boolean meets(VisibilityClass each) {
            return false;
        }

        @Override
        public boolean meets(long user, VisibilityClass of) {
            return users.contains(user);
        }

        @Override
        public Set<Long> special() {
            return users;
        }
    }

    /// Whole classes without some users, and other users.
    record Picked(Set<VisibilityClass> classes, Set<Long> without, Set<Long> users) implements Scope {
        @Override
        public boolean meets(VisibilityClass each) {
            return classes.contains(each);
        }

        @Override
        public boolean meets(long user, VisibilityClass of) {
            return users.contains(user) || classes.contains(of) && !without.contains(user);
        }

        @Override
        public Set<Long> special() {
            return union(without, users);
        }
    }

    /// Those of one scope who are not of another.
    record Except(Scope of, Scope not) implements Scope {
        @Override
        public boolean meets(VisibilityClass each) {
            return of.meets(each) && !not.meets(each);
        }

        @Override
        public boolean meets(long user, VisibilityClass each) {
            return of.meets(user, each) && !not.meets(user, each);
        }

        @Override
        public Set<Long> special() {
            return union(of.special(), not.special());
        }
    }

    /// Those of either scope.
    record Either(Scope one, Scope other) implements Scope {
        @Override
        public boolean meets(VisibilityClass each) {
            return one.meets(each) || other.meets(each);
        }

        @Override
        public boolean meets(long user, VisibilityClass each) {
            return one.meets(user, each) || other.meets(user, each);
        }

        @Override
        public Set<Long> special() {
            return union(one.special(), other.special());
        }
    }

    private static Set<Long> union(Set<Long> one, Set<Long> other) {
        var both = new HashSet<>(one);
        both.addAll(other);
        return both;
    }
}
