package dev.guildcast.fanout.audience;

import dev.guildcast.fanout.view.Channel;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;

/// The users an event concerns, before intents and permissions are checked.
public sealed interface Scope {
    Scope EVERYONE = new Everyone();

    /// Whether the scope includes a class, except for the users in [#exceptions].
    boolean includes(VisibilityClass each);

    /// Whether the scope includes one user.
    boolean includes(long user, VisibilityClass of);

    /// Users for whom the result may differ from that of their class.
    Set<Long> exceptions();

    record Everyone() implements Scope {
        @Override
        public boolean includes(VisibilityClass each) {
            return true;
        }

        @Override
        public boolean includes(long user, VisibilityClass of) {
            return true;
        }

        @Override
        public Set<Long> exceptions() {
            return Set.of();
        }
    }

    /// The users who see a channel or thread.
    record Viewers(Channel channel) implements Scope {
        private long permissionChannelId() {
            return channel.thread() ? channel.parentId() : channel.id();
        }

        @Override
        public boolean includes(VisibilityClass each) {
            return channel.privateThread()
                    ? each.managesThreads(permissionChannelId())
                    : each.sees(permissionChannelId());
        }

        @Override
        public boolean includes(long user, VisibilityClass of) {
            return includes(of)
                    || channel.privateThread() && of.sees(permissionChannelId()) && channel.hasThreadMember(user);
        }

        @Override
        public Set<Long> exceptions() {
            return channel.privateThread()
                    ? Arrays.stream(channel.threadMembers()).boxed().collect(Collectors.toSet())
                    : Set.of();
        }
    }

    /// Only these users.
    record Only(Set<Long> users) implements Scope {
        @Override
        public boolean includes(VisibilityClass each) {
            return false;
        }

        @Override
        public boolean includes(long user, VisibilityClass of) {
            return users.contains(user);
        }

        @Override
        public Set<Long> exceptions() {
            return users;
        }
    }

    /// Whole classes except some users, and further users.
    record ClassesAndUsers(Set<VisibilityClass> classes, Set<Long> without, Set<Long> users) implements Scope {
        @Override
        public boolean includes(VisibilityClass each) {
            return classes.contains(each);
        }

        @Override
        public boolean includes(long user, VisibilityClass of) {
            return users.contains(user) || classes.contains(of) && !without.contains(user);
        }

        @Override
        public Set<Long> exceptions() {
            return union(without, users);
        }
    }

    /// The users of one scope who are not in another.
    record Except(Scope included, Scope excluded) implements Scope {
        @Override
        public boolean includes(VisibilityClass each) {
            return included.includes(each) && !excluded.includes(each);
        }

        @Override
        public boolean includes(long user, VisibilityClass each) {
            return included.includes(user, each) && !excluded.includes(user, each);
        }

        @Override
        public Set<Long> exceptions() {
            return union(included.exceptions(), excluded.exceptions());
        }
    }

    /// Of the users of one scope, only these.
    record Among(Scope included, Set<Long> users) implements Scope {
        @Override
        public boolean includes(VisibilityClass each) {
            return false;
        }

        @Override
        public boolean includes(long user, VisibilityClass of) {
            return users.contains(user) && included.includes(user, of);
        }

        @Override
        public Set<Long> exceptions() {
            return users;
        }
    }

    /// The users who are in both scopes.
    record Both(Scope one, Scope other) implements Scope {
        @Override
        public boolean includes(VisibilityClass each) {
            return one.includes(each) && other.includes(each);
        }

        @Override
        public boolean includes(long user, VisibilityClass each) {
            return one.includes(user, each) && other.includes(user, each);
        }

        @Override
        public Set<Long> exceptions() {
            return union(one.exceptions(), other.exceptions());
        }
    }

    /// The users of either scope.
    record Either(Scope one, Scope other) implements Scope {
        @Override
        public boolean includes(VisibilityClass each) {
            return one.includes(each) || other.includes(each);
        }

        @Override
        public boolean includes(long user, VisibilityClass each) {
            return one.includes(user, each) || other.includes(user, each);
        }

        @Override
        public Set<Long> exceptions() {
            return union(one.exceptions(), other.exceptions());
        }
    }

    private static Set<Long> union(Set<Long> one, Set<Long> other) {
        var both = new HashSet<>(one);
        both.addAll(other);
        return both;
    }
}
