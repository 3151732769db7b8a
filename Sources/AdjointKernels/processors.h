// How many processors this process may use.
#ifndef ADJOINT_PROCESSORS_H
#define ADJOINT_PROCESSORS_H

/// The processors in this process's affinity mask, or fewer if its control group has a smaller quota; at least 1.
int adjoint_available_processors(void);

#endif
