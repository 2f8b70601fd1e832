package dev.guildcast.shard.testing;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;

/// Rules about packages that every module keeps.
public final class PackageRules {
    private PackageRules() {}

    /// Fails if packages depend on each other in a cycle. Each package is one slice, the root package too, unlike with
    /// `slices().matching("root.(*)..")`, which skips the root and merges each subpackage with those below it.
    ///
    /// Main classes in the root package are left out: they name the packages that Spring scans, and no class uses
    /// them.
    ///
    /// @param rootPackage of the module; classes outside of it and of the packages below it are left out
    public static void assertFreeOfCycles(JavaClasses classes, String rootPackage) {
        slices().assignedFrom(new EachPackage(rootPackage))
                .should()
                .beFreeOfCycles()
                .check(classes);
    }

    private record EachPackage(String rootPackage) implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            var name = type.getPackageName();
            boolean inModule = name.equals(rootPackage) || name.startsWith(rootPackage + ".");
            return !inModule || name.equals(rootPackage) && isMain(type)
                    ? SliceIdentifier.ignore()
                    : SliceIdentifier.of(name);
        }

        private static boolean isMain(JavaClass type) {
            return type.tryGetMethod("main", String[].class)
                    .map(method -> method.getModifiers().contains(JavaModifier.STATIC))
                    .orElse(false);
        }

        @Override
        public String getDescription() {
            return "each package of " + rootPackage;
        }
    }
}
