seven() { echo $(($1 * 7)); }
