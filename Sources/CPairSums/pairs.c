#include "CPairSums.h"
